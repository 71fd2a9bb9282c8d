import { expect, test } from 'vitest'
import { escapeHtml, html, SafeHtml } from './html.ts'

test('values are escaped, markup of ours is not', () => {
  const inner = html`<b>${'<i>'}</b>`
  expect(html`<p title="${'"\'&'}">${inner}</p>`.markup).toBe('<p title="&#34;&#39;&#38;"><b>&#60;i&#62;</b></p>')
})

test('lists are joined, and what is nothing gives nothing', () => {
  expect(html`${[html`<li>1`, '<2>']}${null}${undefined}${false}${0}`.markup).toBe('<li>1&#60;2&#62;0')
})

test('text with a lone surrogate or a dollar sign survives', () => {
  expect(html`${'$& $1 \\n'}`.markup).toBe('$&#38; $1 \\n')
  expect(escapeHtml('a<b>')).toBe('a&#60;b&#62;')
  expect(String(new SafeHtml('<hr>'))).toBe('<hr>')
})
