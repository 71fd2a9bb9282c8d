import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { CommandError } from '../command.ts'

/** What a running `bookstore up` tells other commands. */
export interface RunFile {
  readonly pid: number
  readonly policyDir: string
  /** Address of each service by its name. */
  readonly urls: Readonly<Record<string, string>>
  /** Process of each service by its name, once it was started. */
  readonly pids: Readonly<Record<string, number | undefined>>
}

// a start needs a moment until its page answers
const STARTING_MS = 30_000

/** The run that is going on in this data folder; undefined when there is none, also when a killed one left its file. */
export async function findRun(dataDir: string): Promise<RunFile | undefined> {
  const run = readRunFile(dataDir)
  if (run === undefined || !isAlive(run.pid)) return undefined
  // after a reboot another program may have the same process id
  const answers = await Promise.all(Object.values(run.urls).map(isOpen))
  return answers.includes(true) || ageMs(dataDir) < STARTING_MS ? run : undefined
}

/** Writes the run file so that readers see the old or the new one, never half of it. */
export function writeRunFile(dataDir: string, run: RunFile): void {
  const path = runFile(dataDir)
  writeFileSync(`${path}.${run.pid}`, `${JSON.stringify(run, null, 2)}\n`)
  renameSync(`${path}.${run.pid}`, path)
}

/**
 * Writes the run file again when somebody has deleted it, with its folder or alone: other commands would take the
 * bookstore for stopped, and its policies for what the folder says.
 */
export function keepRunFile(dataDir: string, run: RunFile): void {
  if (existsSync(runFile(dataDir))) return
  try {
    if (!existsSync(dataDir)) mkdirSync(dataDir)
    writeRunFile(dataDir, run)
  } catch (error) {
    // the folder above it has gone as well, or became somebody else's: then there is no place to leave word
    if (!/^(ENOENT|ENOTDIR|EACCES|EPERM|EROFS|EEXIST)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Removes the run file if it is ours. */
export function removeRunFile(dataDir: string, pid: number): void {
  if (readRunFile(dataDir)?.pid === pid) rmSync(runFile(dataDir), { force: true })
}

function readRunFile(dataDir: string): RunFile | undefined {
  try {
    const { pid, policyDir, urls, pids = {} } = JSON.parse(readFileSync(runFile(dataDir), 'utf8'))
    return pid > 0 && policyDir && urls ? { pid, policyDir, urls, pids } : undefined
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException
    // no file, or one that nobody can have written whole: no run
    if (code === 'ENOENT' || code === 'ENOTDIR' || name === 'SyntaxError') return undefined
    throw new CommandError(
      `BOOKSTORE_DATA_DIR: ${runFile(dataDir)} cannot be read (${code}); set BOOKSTORE_DATA_DIR to another folder`,
      { cause: error }
    )
  }
}

function runFile(dataDir: string): string {
  return join(dataDir, 'up.json')
}

function ageMs(dataDir: string): number {
  return Date.now() - (statSync(runFile(dataDir), { throwIfNoEntry: false })?.mtimeMs ?? 0)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isOpen(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise(resolve => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port),
      timeout: 500
    })
    const answer = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })
}
