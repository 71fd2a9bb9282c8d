import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createStop, type StoppableProcess } from './stop.ts'

function stoppable(connected = true) {
  const exits: number[] = []
  const said: unknown[] = []
  const clock = { now: 0 }
  const source = Object.assign(new EventEmitter(), {
    connected,
    send: (message: unknown) => void said.push(message),
    exit: (code: number) => exits.push(code) as never
  }) as StoppableProcess & EventEmitter
  return { source, exits, said, clock, stop: createStop(source, () => clock.now) }
}

describe('the stop signal', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])('fires at %s', event => {
    const { source, stop } = stoppable()
    expect(stop.aborted).toBe(false)
    source.emit(event)
    expect(stop.aborted).toBe(true)
  })

  test('fires at a {stop} message and at no other, and says so', () => {
    const { source, said, stop } = stoppable()
    source.emit('message', { other: 1 })
    expect(stop.aborted).toBe(false)
    expect(said).toEqual([])
    source.emit('message', { stop: 'SIGINT' })
    expect(stop.aborted).toBe(true)
    expect(said).toEqual([{ stopping: true }])
  })

  test('has fired when the starter went before we listened', () => {
    expect(stoppable(false).stop.aborted).toBe(true)
  })

  test('takes one Ctrl-C that arrives twice for one, and a second one for an order to end', () => {
    const { source, exits, clock } = stoppable()
    source.emit('SIGINT')
    source.emit('SIGINT')
    clock.now = 600
    source.emit('message', { stop: 'SIGINT' })
    expect(exits).toEqual([])
    source.emit('SIGINT')
    expect(exits).toEqual([130])
  })
})
