import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', '{apps,charts,deploy,docs,packages,test}/**/*.md'], {
  cwd: root,
  exclude: path => path.endsWith('node_modules')
}).map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const all = (text: string, expression: RegExp) => [...text.matchAll(expression)].map(([, part = '']) => part)

describe.each(pages)('$path', ({ path, text }) => {
  test('links only to files that are there', () => {
    const links = all(text, /\]\(([^)\s#]+)(?:#[^)]*)?\)/g).filter(link => !/^[a-z]+:/.test(link))
    expect(links.filter(link => !existsSync(join(root, dirname(path), link)))).toEqual([])
  })

  test('names only files and scripts that are there', () => {
    const files = all(text, /`((?:apps|charts|deploy|docs|packages|scripts|test)\/[\w./-]+)`/g)
    expect(files.filter(file => !existsSync(join(root, file)))).toEqual([])
    const called = all(text, /npm run (?:--silent )?([\w:]+)/g)
    expect(called.filter(name => !(name in scripts))).toEqual([])
  })
})

test('what bookstore check points to stands in the documents', () => {
  const sources = globSync('apps/cli/src/{check,commands}/*.ts', {
    cwd: root,
    exclude: path => path.endsWith('.test.ts')
  })
  const text = sources.map(path => readFileSync(join(root, path), 'utf8')).join('\n')
  const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8')
  const headings = all(page, /^### (.*)$/gm).map(heading => heading.toLowerCase().replace(/ /g, '-'))
  const named = all(text, /(?:troubleshooting\.md#|\$\{PAGE\})([a-z]+(?:-[a-z]+)*)/g)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter(anchor => !headings.includes(anchor))).toEqual([])
})

/** Lengths in words of the sentences of a page; code, tables and headings are no sentences. */
function sentenceLengths(text: string): readonly number[] {
  const prose = text
    .replace(/```.*?^```/gms, '')
    .replace(/^[|#].*$/gm, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/`[^`]*`/g, 'X')
  const sentences = prose.split(/\n\s*\n|\n(?=[-*] )/).flatMap(part => part.trim().split(/(?<=[.!?:;])\s+(?=[A-Z*[])/))
  return sentences.map(sentence => sentence.split(/\s+/).filter(word => /\w/.test(word)).length).filter(Boolean)
}

test.each(pages)('sentences of $path average under 18 words', ({ text }) => {
  const lengths = sentenceLengths(text)
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length)
  expect(average).toBeLessThan(18)
})

test('examples import what packages export', async () => {
  const imports = pages.flatMap(({ text }) => [...text.matchAll(/^import \{ ([^}]+) \} from '@bookstore\/([\w-]+)'/gm)])
  expect(imports.length).toBeGreaterThan(1)
  for (const [line, names = '', name = ''] of imports) {
    const exported = (await import(join(root, 'packages', name, 'src/index.ts'))) as Record<string, unknown>
    for (const used of names.split(', ')) expect(exported, line).toHaveProperty(used)
  }
})
