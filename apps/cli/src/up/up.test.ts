import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { Snapshot } from '@bookstore/contract'
import { bareEnvironment, repositoryRoot, type TempDir, tempDir, waitFor } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { isRunning, untilAllGone } from '../../test/processes.ts'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'
import type { RunFile } from './run-file.ts'

const anyPorts = Object.fromEntries(
  ['BOOKBUYER', 'BOOKSTORE_V1', 'BOOKSTORE_V2', 'BOOKWAREHOUSE', 'BOOKTHIEF'].map(name => [`${name}_PORT`, '0'])
)

/** `npm start` without npm: the wrapper and everything below it. */
function start(dir: TempDir, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [`${repositoryRoot}scripts/start.mjs`], {
    env: { ...bareEnvironment(), BOOKSTORE_DATA_DIR: dir.path, ...anyPorts, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const lines: string[] = []
  const firstPurchase = Promise.withResolvers<void>()
  createInterface(child.stdout).on('line', line => {
    lines.push(line)
    if (/bought [1-9]\d* \(v1 /.test(line)) firstPurchase.resolve()
  })
  let complaint = ''
  child.stderr.on('data', chunk => {
    complaint += chunk
  })
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal, complaint }))
  const buying = () =>
    Promise.race([
      firstPurchase.promise,
      exit.then(({ complaint }) => Promise.reject(new Error(`ended before it bought: ${complaint}`)))
    ])
  return { child, lines, exit, buying, [Symbol.dispose]: () => void child.kill('SIGKILL') }
}

async function problemsAt(url: string): Promise<readonly string[]> {
  const snapshot = (await (await fetch(`${url}/api/snapshot`)).json()) as Snapshot
  return snapshot.policies.problems
}

async function runOf(dir: TempDir): Promise<RunFile> {
  return JSON.parse(await readFile(dir.join('up.json'), 'utf8'))
}

function pidsOf({ pid, pids }: RunFile): number[] {
  return [pid, ...Object.values(pids).filter(one => one !== undefined)]
}

describe('bookstore up', () => {
  test('runs everything, serves the other commands, refuses a second one, and leaves nothing after Ctrl-C', async () => {
    await using dir = await tempDir()
    using up = start(dir)
    await up.buying()
    const run = await runOf(dir)
    expect(up.lines.join('\n')).toMatch(/bookwarehouse +http:\/\/127\.0\.0\.1:\d+ /)
    expect(pidsOf(run)).toHaveLength(6)

    const context = testContext({ env: { BOOKSTORE_DATA_DIR: dir.path } })
    const url = run.urls['bookbuyer'] ?? ''
    expect(await runCli(['verify', '--url', url, '--expect', 'v1=1,v2=0'], context)).toBe(1)
    const policy = `${repositoryRoot}deploy/policies/split-100-0.yaml`
    expect(await runCli(['apply', '-f', policy], context)).toBe(0)
    expect(context.printed.at(-1)).toMatch(/^In force after /)
    expect(await runCli(['verify', '--url', url, '--expect', 'v1=1,v2=0', '--burst', '500'], context)).toBe(0)
    expect(await runCli(['access'], context)).toBe(2)
    expect(await runCli(['reconcile', '--wait', '2m'], context)).toBe(0)
    expect(context.printed.at(-1)).toContain('BALANCED')
    expect(await runCli(['check'], context), context.printed.at(-1)).toBe(0)
    expect(context.printed.at(-1)).toContain('√ the books balance')
    expect(await runCli(['timeline', '--url', url], context)).toBe(0)
    expect(context.printed.at(-1)).toMatch(/^time +bookstore-v1 /)
    expect(await runCli(['up'], context)).toBe(3)
    expect(context.complained.at(-1)).toMatch(/^The bookstore runs already \(process \d+, page http/)

    // what a repair brings back was in force all the time: nothing changes, and it is in force all the same
    await writeFile(dir.join('policies', 'trafficsplit.bookstore.bookstore-split.yaml'), 'kind: [')
    await waitFor(async () => (await problemsAt(url)).length > 0, { what: 'a report of the fault' })
    for (const repair of [['apply', '-f', policy], ['reset'], ['reset'], ['apply', '-f', policy]]) {
      expect(await runCli(repair, context), repair.join(' ')).toBe(0)
      expect(context.printed.at(-1), repair.join(' ')).toMatch(/^In force after /)
    }

    await writeFile(dir.join('policies', 'broken.yaml'), 'kind: [')
    expect(await runCli(['apply', '-f', `${repositoryRoot}deploy/policies/split-90-10.yaml`], context)).toBe(1)
    const told = context.printed.slice(context.printed.indexOf('It follows until that is mended:'))
    expect(told.join('\n')).toContain('bookstore goes to bookstore-v1 100 %, bookstore-v2 0 %')

    await rm(dir.join('up.json'))
    await rm(dir.join('policies'), { recursive: true })
    await waitFor(() => existsSync(dir.join('up.json')), { what: 'the run file again' })
    expect(await runCli(['policies'], context)).toBe(1)
    expect(context.printed.join('\n')).toContain('got none; the mesh keeps the policies it had')
    expect(await runCli(['apply', '-f', policy], context)).toBe(0)
    expect(context.complained.at(-1)).toContain('policies was gone and is made anew: what the mesh followed until now')

    up.child.kill('SIGINT')
    expect(await up.exit).toEqual({ code: 0, signal: null, complaint: '' })
    expect(pidsOf(run).filter(isRunning)).toEqual([])
    await expect(runOf(dir)).rejects.toThrow('ENOENT')
  })

  test('leaves nothing when the process that npm started is killed, even while the services load', async () => {
    await using dir = await tempDir()
    using up = start(dir)
    const run = await waitFor(() => runOf(dir).catch(() => undefined), { what: 'a run file' })
    up.child.kill('SIGKILL')
    await untilAllGone(pidsOf(run))
  })

  test('names a taken port and its variable in one line, and starts nothing', async () => {
    await using dir = await tempDir()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    using up = start(dir, { BOOKSTORE_V1_PORT: String(port) })
    const { code, complaint } = await up.exit
    server.close()
    expect(code).toBe(3)
    expect(complaint).toBe(
      `BOOKSTORE_V1_PORT: 127.0.0.1:${port} is used by another program; set BOOKSTORE_V1_PORT to another port\n`
    )
    await expect(runOf(dir)).rejects.toThrow('ENOENT')
  })

  test.each([
    [{ BOOKBUYER_PORT: 'http' }, 'BOOKBUYER_PORT: expected a whole number from 0 to 65535, got "http"'],
    [{ HOST: '192.0.2.1' }, 'HOST: this machine has no address'],
    [{ POLICY_DIR: '/dev/null' }, 'POLICY_DIR: /dev/null: expected a folder of policies, got a file']
  ])('names a setting that cannot be: %j', async (env, words) => {
    await using dir = await tempDir()
    const context = testContext({ env: { BOOKSTORE_DATA_DIR: dir.path, ...anyPorts, ...env } })
    expect(await runCli(['up'], context)).toBe(3)
    expect(context.complained[0]).toContain(words)
  })

  test('ends at once when a service cannot start, with that service and its last words', async () => {
    await using dir = await tempDir()
    using up = start(dir, { SALE_DELAY_MS: 'soon' })
    const { code, complaint } = await up.exit
    expect(code).toBe(3)
    expect(complaint).toMatch(/^bookstore-v[12] could not start \(exit code 1\); everything else is/)
    expect(complaint).toContain('SALE_DELAY_MS: expected milliseconds from 0 to 60000')
  })

  test('names a data folder that cannot be written, and the variable', async () => {
    await using dir = await tempDir()
    await writeFile(dir.join('file'), '')
    const env = { BOOKSTORE_DATA_DIR: dir.join('file', 'data'), ...anyPorts }
    const context = testContext({ env })
    expect(await runCli(['up'], context)).toBe(3)
    expect(context.complained).toEqual([expect.stringMatching(/^BOOKSTORE_DATA_DIR: .* cannot be written: .*\n$/)])
  })
})
