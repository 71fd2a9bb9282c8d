import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isPolicyFile, makeFolder, putObject } from '@bookstore/local-mesh'
import { splitIntoObjects } from '@bookstore/policy'
import { CommandError } from '../command.ts'

/** Makes the folders that a run writes to. @throws CommandError when this user may not */
export function makeDataDir(dataDir: string): void {
  for (const folder of [dataDir, join(dataDir, 'logs')]) {
    try {
      makeFolder(folder)
      accessSync(folder, constants.W_OK | constants.X_OK)
    } catch (error) {
      throw notWritable(folder, error)
    }
  }
}

/**
 * Makes our folder of policies. Gives the number of files that are kept from last time; where there are none, it
 * applies the given file. @throws CommandError when this user may not write there
 */
export function startPolicies(policyDir: string, first: string): number {
  try {
    makeFolder(policyDir)
    const kept = readdirSync(policyDir).filter(isPolicyFile).length
    if (kept > 0) return kept
  } catch (error) {
    throw notWritable(policyDir, error)
  }
  const file = { name: first, text: readFileSync(first, 'utf8') }
  for (const object of splitIntoObjects(file).objects) putObject(policyDir, object)
  return 0
}

/** Removes all policies of a folder; gives their number. @throws CommandError when this user may not */
export function removePolicies(policyDir: string): number {
  try {
    const files = existsSync(policyDir) ? readdirSync(policyDir).filter(isPolicyFile) : []
    for (const name of files) rmSync(join(policyDir, name))
    return files.length
  } catch (error) {
    throw notWritable(policyDir, error)
  }
}

/**
 * Removes an SQLite database with its companions, so that a start begins with an empty warehouse. @throws CommandError
 * when this user may not
 */
export function removeDatabase(file: string): void {
  try {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  } catch (error) {
    throw notWritable(file, error)
  }
}

function notWritable(path: string, cause: unknown): CommandError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  const reason = REASONS[code] ?? message
  return new CommandError(
    `BOOKSTORE_DATA_DIR: ${path} cannot be written: ${reason}; set BOOKSTORE_DATA_DIR to another folder`,
    { cause }
  )
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  ENOENT: 'its file system takes no folders',
  EPERM: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way'
}
