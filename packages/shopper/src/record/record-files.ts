import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRecordEntry, type RecordEntry } from '@bookstore/contract'

/** A file of the record: entries from `since` on, until those of the next one. */
export interface RecordFile {
  readonly path: string
  /** ms since the epoch. */
  readonly since: number
}

/** The files of a shopper's record in a folder, oldest first; makes the folder. */
export function listRecordFiles(folder: string, name: string): RecordFile[] {
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder)
    .flatMap(file => {
      const [, since] = new RegExp(`^${name}-record-(\\d{13})\\.jsonl$`).exec(file) ?? []
      return since === undefined ? [] : [{ path: join(folder, file), since: Number(since) }]
    })
    .sort((left, right) => left.since - right.since)
}

/** The path of a file that begins at that time. */
export function recordFileAt(folder: string, name: string, since: number): RecordFile {
  return { path: join(folder, `${name}-record-${String(since).padStart(13, '0')}.jsonl`), since }
}

/**
 * Makes a file fit to be read and gives what was wrong with it, or null. A last line without an end was cut by a kill:
 * it is dropped. A file with lines that are no entries is set aside under another name, and what can be read of it
 * takes its place.
 */
export function mendRecordFile({ path }: RecordFile): string | null {
  const text = readFileSync(path, 'utf8')
  const end = text.lastIndexOf('\n') + 1
  const lines = text.slice(0, end).split('\n').filter(Boolean)
  const good = lines.filter(line => parseRecordEntry(line) !== null)
  if (good.length === lines.length) {
    if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)))
    return null
  }
  const aside = `${path}.broken-${Date.now()}`
  renameSync(path, aside)
  writeFileSync(path, good.map(line => `${line}\n`).join(''))
  return `${path} had ${lines.length - good.length} lines that are no entries; it was set aside as ${aside}, and ${good.length} entries were kept`
}

/** Deletes the oldest files until `most` are left. */
export function dropOldest(files: readonly RecordFile[], most: number): RecordFile[] {
  const surplus = Math.max(0, files.length - most)
  for (const { path } of files.slice(0, surplus)) rmSync(path, { force: true })
  return files.slice(surplus)
}

/** The entries of files from `since` to `until` (ms since the epoch, both included), oldest first. */
export async function readRecordFiles(
  files: readonly RecordFile[],
  { since, until }: { readonly since: number; readonly until: number }
): Promise<readonly RecordEntry[]> {
  const wanted = files.filter((file, at) => file.since <= until && (files[at + 1]?.since ?? Infinity) > since)
  const entries: RecordEntry[] = []
  for (const { path } of wanted) {
    for (const line of (await readFile(path, 'utf8')).split('\n')) {
      const entry = line === '' ? null : parseRecordEntry(line)
      if (entry !== null && entry.at >= since && entry.at <= until) entries.push(entry)
    }
  }
  return entries.sort((left, right) => left.at - right.at)
}
