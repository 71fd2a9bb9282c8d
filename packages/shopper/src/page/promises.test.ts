import { PROMISES } from '@bookstore/contract'
import { expect, test } from 'vitest'
import { exampleOf } from '../../test-support/examples.ts'
import { buyerExample } from '../../test-support/snapshots.ts'
import { renderPromises } from './promises.ts'

const markupOf = (example = exampleOf('proven')) => {
  if (example === undefined) throw new Error('expected an example')
  return renderPromises(example.snapshot, example).markup
}

test('a seal each, with what was found, what is declared and not proven, and what nobody declares', () => {
  const markup = markupOf()
  expect(markup.match(/<li class="seal"/g)).toHaveLength(PROMISES.length)
  expect(markup).toContain('<b>load balancing</b> kept')
  expect(markup).toContain('<b>retries</b> not kept')
  expect(markup).toContain('<b>timeouts</b> not known yet')
  expect(markup).toContain('<b>mutual TLS</b> cannot be seen from here')
  expect(markup).toContain('<b>rate limit</b> declared, not yet proven')
  expect(markup).toContain('<b>ejection</b> not declared')
  expect(markup).toContain('<dt>To do</dt><dd>Look at the MeshConfig.</dd>')
  expect(markup.match(/class="promise-picture"/g)).toHaveLength(PROMISES.length)
})

test('without policies it says that nobody knows', () => {
  expect(markupOf(buyerExample({ env: { MESH: 'none' } }))).toContain('No policies can be seen from here')
})

test('what a proof says is escaped', () => {
  const example = buyerExample()
  const [first] = exampleOf('proven').promises
  if (first?.proven == null) throw new Error('expected a proven promise')
  const hostile = { ...first, proven: { ...first.proven, seen: '<script>' } }
  expect(renderPromises(example.snapshot, { promises: [hostile] }).markup).not.toContain('<script>')
})
