import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from './start-app.ts'
import { tempDir } from './temp-dir.ts'
import { findProgram } from './tools.ts'

const run = promisify(execFile)

/**
 * Fills `target` with the files of a fresh server. The first call on a machine takes seconds, the later ones copy what
 * it made.
 */
export async function createMariadbData(target: string): Promise<void> {
  const template = await mariadbTemplate()
  await cp(template, target, { recursive: true, preserveTimestamps: true })
}

/** Arguments that the maker of the data and the server must share. */
export const MARIADB_SHARED_ARGS: readonly string[] = [
  '--no-defaults',
  // the default of 96 MB makes every copy slow and says nothing about correctness
  '--innodb-log-file-size=8M',
  '--innodb-data-file-path=ibdata1:4M:autoextend',
  // mariadbd refuses to run as root unless told
  ...(process.getuid?.() === 0 ? ['--user=root'] : [])
]

async function mariadbTemplate(): Promise<string> {
  const server = findProgram('mariadbd') ?? 'mariadbd'
  const { stdout } = await run(server, ['--no-defaults', '--version'])
  const version = /Ver (\S+)/.exec(stdout)?.[1] ?? 'unknown'
  const uid = process.getuid?.() ?? 0
  const folder = join(repositoryRoot, 'node_modules', '.cache', 'bookstore-testing')
  const template = join(folder, `mariadb-${version}-${uid}`)
  if (existsSync(template)) return template
  await mkdir(folder, { recursive: true })
  const fresh = join(folder, `making-${randomUUID()}`)
  await using made = await tempDir()
  await installInto(made.join('data'))
  await cp(made.join('data'), fresh, { recursive: true, preserveTimestamps: true })
  await publish(fresh, template)
  return template
}

// mariadb-install-db leaves its paths unquoted, so a clone in a folder with a space must not be where it works
async function installInto(folder: string): Promise<void> {
  await run(findProgram('mariadb-install-db') ?? 'mariadb-install-db', [
    ...MARIADB_SHARED_ARGS,
    `--datadir=${folder}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db'
  ])
}

// several test processes may make the template at the same time; the first to rename wins and the others use its work
async function publish(fresh: string, template: string): Promise<void> {
  try {
    await rename(fresh, template)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(template)) throw error
  }
}
