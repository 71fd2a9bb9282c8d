import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurnEnd } from './turn-end.ts'

test('all who ask in one turn wait for its end, and who asks after it for that of the next', async () => {
  const turnEnd = createTurnEnd()
  const first = turnEnd()
  const ended: string[] = []
  first.then(() => ended.push('first'))
  expect(turnEnd()).toBe(first)
  await Promise.resolve()
  expect(ended).toEqual([])
  await nextTurn()
  expect(ended).toEqual(['first'])
  expect(turnEnd()).not.toBe(first)
})
