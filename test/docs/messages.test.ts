import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@bookstore/testing'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8')

// what varies in a message: values, addresses, names
const VARIES =
  /…|NOT JUDGED +|https?:\S+|\([A-Z]+\)|\b[A-Z_]{4,}_PORT\b|bookstore-v\d|\d+(?:[.:/]\d+)*|\b(?:osm|split\.smi-spec\.io\/v1alpha2|denied|allowed|attempts|one MeshConfig for the mesh|MariaDB|apt-get install .*)\b/
// what one types, and what kubectl says
const OF_OTHERS = /^(kubectl|npx|az|no\b|--|Pending)|^[A-Z]+$/

const COMMENTS = /^\s*(?:\/\/|\/?\*).*$/gm
const TEXTS = /'[^'\n]*'|"[^"\n]*"|`[^`]*`/g

/** The constant parts of the messages by which a person finds a section: code at the beginning of a paragraph. */
function messageParts(page: string): readonly string[] {
  const paragraphs = page.split('\n\n').filter(paragraph => paragraph.startsWith('`'))
  const messages = paragraphs.flatMap(paragraph =>
    [...(paragraph.split('\n')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, message = '']) => message)
  )
  return messages
    .filter(message => !OF_OTHERS.test(message))
    .flatMap(message => message.split(VARIES))
    .map(part => part.trim())
    .filter(part => part.length > 5)
}

test('every message of docs/troubleshooting.md is one that the programs print', () => {
  const sources = globSync('{apps,packages}/*/src/**/*.ts', { cwd: repositoryRoot }).filter(
    path => !path.endsWith('.test.ts')
  )
  const said = [
    ...sources,
    'packages/testing/src/tools.ts',
    ...globSync('charts/bookstore/templates/**/*', { cwd: repositoryRoot })
  ]
    .filter(path => /\.\w+$/.test(path))
    .flatMap(path => read(path).replace(COMMENTS, '').match(TEXTS) ?? [])
    .join('\n')
  const parts = messageParts(read('docs/troubleshooting.md'))
  expect(parts.length).toBeGreaterThan(12)
  expect(parts.filter(part => !said.includes(part))).toEqual([])
})
