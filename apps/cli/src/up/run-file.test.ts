import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rm, utimes } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TempDir, tempDir } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { findRun, keepRunFile, removeRunFile, writeRunFile } from './run-file.ts'

const run = {
  pid: process.pid,
  policyDir: '/p',
  urls: { bookbuyer: 'http://127.0.0.1:1' },
  pids: {}
}

async function makeOld(dir: TempDir): Promise<void> {
  await utimes(dir.join('up.json'), new Date(0), new Date(0))
}

describe('the run file', () => {
  test('is found while its process runs and removed only by it', async () => {
    await using dir = await tempDir()
    writeRunFile(dir.path, run)
    expect(await findRun(dir.path)).toEqual(run)
    removeRunFile(dir.path, run.pid + 1)
    expect(await findRun(dir.path)).toEqual(run)
    removeRunFile(dir.path, run.pid)
    expect(await findRun(dir.path)).toBeUndefined()
  })

  test('is written again when somebody deletes it, alone or with its folder', async () => {
    await using dir = await tempDir()
    const data = dir.join('data')
    keepRunFile(data, run)
    expect(await findRun(data)).toEqual(run)
    await rm(join(data, 'up.json'))
    keepRunFile(data, run)
    expect(await findRun(data)).toEqual(run)
    keepRunFile(dir.join('gone', 'data'), run)
    expect(existsSync(dir.join('gone'))).toBe(false)
  })

  test('that cannot be read is told with its setting', async () => {
    await using dir = await tempDir()
    await mkdir(dir.join('up.json'))
    await expect(findRun(dir.path)).rejects.toThrow(/^BOOKSTORE_DATA_DIR: .*up\.json cannot be read \(EISDIR\)/)
  })

  test('does not count when its process is gone', async () => {
    await using dir = await tempDir()
    writeRunFile(dir.path, { ...run, pid: 2 ** 30 })
    expect(await findRun(dir.path)).toBeUndefined()
  })

  test('does not count when another program got its process id: nobody answers', async () => {
    await using dir = await tempDir()
    writeRunFile(dir.path, run)
    await makeOld(dir)
    expect(await findRun(dir.path)).toBeUndefined()
  })

  test('counts for a long run whose page answers', async () => {
    await using dir = await tempDir()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    writeRunFile(dir.path, { ...run, urls: { bookbuyer: `http://127.0.0.1:${port}` } })
    await makeOld(dir)
    expect(await findRun(dir.path)).toMatchObject({ pid: process.pid })
    server.close()
  })

  test('does not count when it is no JSON', async () => {
    await using dir = await tempDir()
    const { writeFile } = await import('node:fs/promises')
    await writeFile(dir.join('up.json'), '{"pid":')
    expect(await findRun(dir.path)).toBeUndefined()
  })
})
