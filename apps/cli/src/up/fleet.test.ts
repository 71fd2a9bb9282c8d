import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type TempDir, tempDir } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { isRunning, untilAllGone } from '../../test/processes.ts'
import { testContext } from '../../test/test-context.ts'
import { startFleet } from './fleet.ts'
import type { ServiceSpec } from './service-spec.ts'
import { runUp } from './up.ts'

const stub = fileURLToPath(new URL('../../test/stub-service.mjs', import.meta.url))
const starter = fileURLToPath(new URL('../../test/stub-starter.mjs', import.meta.url))

function specs(dir: TempDir, behaviours: Readonly<Record<string, string>>): ServiceSpec[] {
  return Object.entries(behaviours).map(([name, behaviour], at) => ({
    name,
    url: 'http://127.0.0.1:1',
    args: [stub],
    env: { BEHAVIOUR: behaviour },
    logFile: dir.join(`${name}.log`),
    stopRound: at
  }))
}

function pidsOf(fleet: { readonly pids: Readonly<Record<string, number | undefined>> }): number[] {
  return Object.values(fleet.pids).filter(pid => pid !== undefined)
}

function killOther(dir: TempDir): void {
  const { pids } = JSON.parse(readFileSync(dir.join('up.json'), 'utf8'))
  process.kill(pids.other, 'SIGKILL')
}

describe('a fleet', () => {
  test('ends all services when asked, each by its own signal handler', async () => {
    await using dir = await tempDir()
    const fleet = startFleet(specs(dir, { a: '', b: '' }))
    await fleet.listening
    expect(pidsOf(fleet).map(isRunning)).toEqual([true, true])
    await fleet.stop(5_000)
    expect(pidsOf(fleet).map(isRunning)).toEqual([false, false])
    expect(readFileSync(dir.join('a.log'), 'utf8')).toBe('asked to stop\n')
  })

  test('kills one that does not listen to the request, and does not let it keep the others from ending well', async () => {
    await using dir = await tempDir()
    const fleet = startFleet(specs(dir, { deaf: 'deaf', good: '' }))
    await fleet.listening
    await fleet.stop(1_000)
    expect(pidsOf(fleet).map(isRunning)).toEqual([false, false])
    expect(readFileSync(dir.join('good.log'), 'utf8')).toBe('asked to stop\n')
  })

  test('tells which one ended by itself and how', async () => {
    await using dir = await tempDir()
    const fleet = startFleet(specs(dir, { a: '', b: '' }))
    await fleet.listening
    process.kill(fleet.pids['b'] ?? 0, 'SIGKILL')
    expect(await fleet.crash).toMatchObject({
      spec: { name: 'b' },
      started: true,
      how: 'signal SIGKILL'
    })
    await fleet.stop(5_000)
  })

  test('leaves nobody when its starter is killed', async () => {
    await using dir = await tempDir()
    const child: ChildProcess = fork(starter, [dir.path])
    const [{ pids }] = (await once(child, 'message')) as [{ pids: number[] }]
    expect(pids.map(isRunning)).toEqual([true, true])
    child.kill('SIGKILL')
    await untilAllGone(pids)
  })
})

describe('up', () => {
  test('stops everything and ends with code 3 when a service cannot start, and prints its last words', async () => {
    await using dir = await tempDir()
    const context = testContext()
    const code = await runUp(
      {
        specs: specs(dir, { good: '', bad: 'crash' }),
        dataDir: dir.path,
        policyDir: dir.path,
        pid: process.pid
      },
      context
    )
    expect(code).toBe(3)
    const said = context.complained.join('')
    expect(said).toContain('bad could not start (exit code 3)')
    expect(said).toContain('EXPECTED_SPLIT: expected something else')
  })

  test('stops everything and ends with code 1 when a service is killed, and says which', async () => {
    await using dir = await tempDir()
    const context = testContext()
    const running = runUp(
      {
        specs: specs(dir, { good: '', other: '' }),
        dataDir: dir.path,
        policyDir: dir.path,
        pid: process.pid
      },
      { ...context, out: line => line.includes('Ctrl-C') && killOther(dir) }
    )
    expect(await running).toBe(1)
    expect(context.complained[0]).toMatch(/^other ended by itself \(signal SIGKILL\); everything else/)
    expect(readFileSync(dir.join('good.log'), 'utf8')).toBe('asked to stop\n')
  })

  test('ends with code 0 after a stop and removes its run file', async () => {
    await using dir = await tempDir()
    const stop = new AbortController()
    const context = testContext({ stop: stop.signal })
    const running = runUp(
      { specs: specs(dir, { a: '' }), dataDir: dir.path, policyDir: dir.path, pid: process.pid },
      { ...context, out: () => stop.abort() }
    )
    expect(await running).toBe(0)
    expect(() => readFileSync(dir.join('up.json'))).toThrow('ENOENT')
  })
})
