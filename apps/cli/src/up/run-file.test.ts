import { once } from 'node:events'
import { utimes } from 'node:fs/promises'
import { createServer } from 'node:net'
import { type TempDir, tempDir } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { findRun, removeRunFile, writeRunFile } from './run-file.ts'

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
