import { closeSync, openSync, writeSync } from 'node:fs'
import type { Logger } from '@bookstore/common'
import type { RecordEntry } from '@bookstore/contract'
import {
  dropOldest,
  listRecordFiles,
  mendRecordFile,
  type RecordFile,
  readRecordFiles,
  recordFileAt
} from './record-files.ts'

/** A shopper's record on disk: entries are added at its end, and the oldest go when it is full. */
export interface RecordStore {
  append(entries: readonly RecordEntry[]): void
  read(range: { readonly since: number; readonly until: number }): Promise<readonly RecordEntry[]>
  /** What was wrong with the files that were there. */
  readonly found: readonly string[]
  close(): void
}

/** 8 files of 8 MB: about a week of a shopper that is always busy. */
const MOST_FILES = 8
const LARGEST_FILE = 8 * 1024 * 1024

/**
 * Opens the record `name` in a folder. Each entry is handed to the operating system as it comes: a kill of the process
 * loses none of them, a crash of the machine the last seconds. A disk that cannot be written to is told in the log once,
 * and tried again with the next entry.
 * @throws the file system's error when the folder cannot be made or read
 */
export function openRecordStore({
  folder,
  name,
  logger,
  now = Date.now,
  largestFile = LARGEST_FILE,
  mostFiles = MOST_FILES
}: {
  readonly folder: string
  readonly name: string
  readonly logger: Logger
  readonly now?: () => number
  readonly largestFile?: number
  readonly mostFiles?: number
}): RecordStore {
  let files = listRecordFiles(folder, name)
  const found = files.flatMap(file => mendRecordFile(file) ?? [])
  for (const text of found) logger.error({ problem: text }, 'the record has a broken file')
  let open: { readonly descriptor: number; size: number } | undefined
  let isFailing = false

  const begin = () => {
    const file = recordFileAt(folder, name, Math.max(now(), (files.at(-1)?.since ?? 0) + 1))
    const descriptor = openSync(file.path, 'a')
    files = dropOldest([...files, file], mostFiles)
    return { descriptor, size: 0 }
  }
  const close = () => {
    if (open !== undefined) closeSync(open.descriptor)
    open = undefined
  }
  const write = (text: string) => {
    if (open !== undefined && open.size >= largestFile) close()
    open ??= begin()
    open.size += writeSync(open.descriptor, text)
  }
  return {
    found,
    append(entries) {
      if (entries.length === 0) return
      try {
        write(entries.map(entry => `${JSON.stringify(entry)}\n`).join(''))
        if (isFailing) logger.info('the record can be written again')
        isFailing = false
      } catch (error) {
        if (!isFailing) logger.error({ err: error, folder }, 'the record cannot be written')
        isFailing = true
        // a line that was written in part would spoil the next one: what follows gets a file of its own
        close()
      }
    },
    read: range => readRecordFiles(files as readonly RecordFile[], range),
    close
  }
}
