import { readFile, writeFile } from 'node:fs/promises'
import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml'

const chart = new URL('../../charts/bookstore/', import.meta.url)

/** The chart's README with its table of values made anew from values.yaml. */
export async function renderReadme(): Promise<string> {
  const [readme, values] = await Promise.all([
    readFile(new URL('README.md', chart), 'utf8'),
    readFile(new URL('values.yaml', chart), 'utf8')
  ])
  const table = valueTable(values)
  return readme.replace(/<!-- values -->.*<!-- \/values -->/s, () => `<!-- values -->\n${table}\n<!-- /values -->`)
}

/**
 * A Markdown table of every value that has a `# --` comment, as helm-docs makes it
 * (https://github.com/norwoodj/helm-docs).
 */
function valueTable(values: string): string {
  const document = parseDocument(values)
  if (!isMap(document.contents)) throw new TypeError('values.yaml: expected a map')
  const rows = rowsOf(document.contents, [])
  return ['| Key | Type | Default | Description |', '|---|---|---|---|', ...rows].join('\n')
}

function rowsOf(map: YAMLMap, path: readonly string[]): string[] {
  return map.items.flatMap((pair, index) => {
    const key = [...path, keyOf(pair)]
    // the comment above the first key of a map belongs to the map itself
    const comment = (index === 0 && map.commentBefore) || commentOf(pair)
    const description = descriptionOf(comment)
    if (description !== null) return [row(key, pair.value, description)]
    if (isMap(pair.value)) return rowsOf(pair.value as YAMLMap, key)
    throw new TypeError(`values.yaml: expected a "# --" comment above ${key.join('.')}`)
  })
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key)
}

function commentOf({ key }: Pair): string {
  return (isScalar(key) && key.commentBefore) || ''
}

function descriptionOf(comment: string): string | null {
  const last = comment.split(/\n\s*\n/).at(-1) ?? ''
  const [, description] = /^\s*-- (.*)$/s.exec(last) ?? []
  return description?.replace(/\s*\n\s*/g, ' ') ?? null
}

function row(key: readonly string[], value: unknown, description: string): string {
  const plain = JSON.parse(JSON.stringify(value))
  const shown = `\`${JSON.stringify(plain)}\``
  const type = Array.isArray(plain) ? 'list' : typeof plain
  return `| ${key.join('.')} | ${type} | ${shown} | ${description.replaceAll('|', '\\|')} |`
}

if (process.argv[1] === new URL(import.meta.url).pathname && process.argv.includes('--write')) {
  await writeFile(new URL('README.md', chart), await renderReadme())
}
