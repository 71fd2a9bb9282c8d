import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@bookstore/testing'

/** A Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** `12345` as `12,345`. */
export const whole = (number: number) => number.toLocaleString('en')

/**
 * Puts `text` between `<!-- name -->` and `<!-- /name -->` of a file, given by its path in the repository.
 * @throws Error when the markers are not there
 */
export async function writeBetweenMarkers(path: string, name: string, text: string): Promise<void> {
  const file = join(repositoryRoot, path)
  const old = await readFile(file, 'utf8')
  const [before, rest] = splitOnce(old, `<!-- ${name} -->`, path)
  const [, after] = splitOnce(rest, `<!-- /${name} -->`, path)
  await writeFile(file, `${before}<!-- ${name} -->\n${text}\n<!-- /${name} -->${after}`)
}

function splitOnce(text: string, marker: string, path: string): readonly [string, string] {
  const at = text.indexOf(marker)
  if (at < 0) throw new Error(`expected the marker ${marker} in ${path}`)
  return [text.slice(0, at), text.slice(at + marker.length)]
}
