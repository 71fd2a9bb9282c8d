import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createStopSignal, stopInOrder } from './lifecycle.ts'
import { silentLogs } from './logger.ts'

const { logger } = silentLogs()
const exit = vi.spyOn(process, 'exit')

beforeEach(() => {
  exit.mockReset().mockReturnValue(undefined as never)
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the steps of a stop', () => {
  test('run one after the other and end with the given code', async () => {
    const done: string[] = []
    const step = (name: string) => ({
      name,
      async run() {
        done.push(`${name} begins`)
        await Promise.resolve()
        done.push(`${name} ends`)
      }
    })
    await stopInOrder([step('a'), step('b')], { logger, deadlineMs: 1_000, exitCode: 7 })
    expect(done).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
    expect(exit.mock.calls).toEqual([[7]])
  })

  test('go on after one that fails, and end with code 1', async () => {
    const last = vi.fn()
    const failing = { name: 'failing', run: () => Promise.reject(new Error('broken')) }
    await stopInOrder([failing, { name: 'last', run: last }], { logger, deadlineMs: 1_000 })
    expect(last).toHaveBeenCalledOnce()
    expect(exit.mock.calls).toEqual([[1]])
  })

  test('are cut off with code 1 at the deadline, and not before', async () => {
    vi.useFakeTimers()
    const endless = { name: 'endless', run: () => new Promise(() => undefined) }
    void stopInOrder([endless], { logger, deadlineMs: 500 })
    await vi.advanceTimersByTimeAsync(499)
    expect(exit).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(exit.mock.calls).toEqual([[1]])
  })
})

describe('the stop signal', () => {
  const events = ['SIGTERM', 'SIGINT', 'disconnect'] as const
  // the runner has listeners of its own, so ours are called and not everybody's
  function listen() {
    const before = events.map(event => process.listeners(event as 'SIGTERM'))
    const signal = createStopSignal(logger)
    const ours = new Map(
      events.map((event, at) => {
        const added = process.listeners(event as 'SIGTERM').find(l => !before[at]?.includes(l))
        if (added === undefined) throw new Error(`expected a listener of ${event}`)
        process.removeListener(event, added)
        return [event, () => added('SIGTERM')]
      })
    )
    return { signal, send: (event: (typeof events)[number]) => ours.get(event)?.() }
  }

  test.each(events)('fires at %s', event => {
    const { signal, send } = listen()
    expect(signal.aborted).toBe(false)
    send(event)
    expect(signal.aborted).toBe(true)
    expect(exit).not.toHaveBeenCalled()
  })

  test('a second signal ends the process at once, the loss of the parent does not', () => {
    const { send } = listen()
    send('SIGTERM')
    send('disconnect')
    expect(exit).not.toHaveBeenCalled()
    send('SIGINT')
    expect(exit.mock.calls).toEqual([[1]])
  })
})
