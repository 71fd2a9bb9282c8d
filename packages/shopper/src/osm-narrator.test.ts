import { expect, test } from 'vitest'
import { createNarrator } from './osm-narrator.ts'
import type { Attempt } from './shopping/attempt.ts'

const URL = 'http://bookstore.bookstore.svc.cluster.local:14001/buy-a-book/new'

const answered = (status: number, headers: Record<string, string> = {}): Attempt => ({
  url: URL,
  outcome: status === 200 ? { kind: 'bought', version: 'v' } : { kind: 'denied', how: '403' },
  answer: { status, headers, body: '', elapsedMs: 1, connectionsSince: 0 },
  error: undefined,
  at: 0
})
const unanswered: Attempt = {
  url: URL,
  outcome: { kind: 'denied', how: 'connection closed' },
  answer: undefined,
  error: new Error('other side closed'),
  at: 0
}

function setUp({ minSuccesses = 1, maxIterations = 0 } = {}) {
  const lines: string[] = []
  const state = { isFailing: false }
  const narrator = createNarrator({
    role: 'bookbuyer',
    osmLine: line => lines.push(...line.split('\n')),
    minSuccesses,
    maxIterations,
    judge: ({ answer }) => ({ isExpected: answer?.status === 200, expected: '200' }),
    isFailing: () => state.isFailing
  })
  const tell = (attempt: Attempt, number = 1, isOverBudget = false) => {
    lines.length = 0
    return narrator.tell({ number, isOverBudget, attempts: [attempt] })
  }
  return { lines, state, tell }
}

test('an iteration is told in the lines that tutorials quote', () => {
  const { lines, tell } = setUp()
  tell(answered(200, { identity: 'bookstore-v1', booksbought: '7', date: 'today' }), 3)
  expect(lines.filter(Boolean)).toEqual([
    '--- bookbuyer:[ 3 ] -----------------------------------------',
    `Fetching ${URL}`,
    'Identity: bookstore-v1',
    'Booksbought: 7',
    'Server: n/a',
    'Date: today',
    'Status: 200 OK',
    'MAESTRO! THIS TEST SUCCEEDED!'
  ])
})

test('what was not expected is told with what was, and so is an error', () => {
  const { lines, tell } = setUp()
  tell(answered(403))
  expect(lines).toContain('Status: 403 Forbidden')
  expect(lines).toContain(`ERROR: response code for "${URL}" is 403;  expected 200`)
  expect(lines).not.toContain('MAESTRO! THIS TEST SUCCEEDED!')
  tell(unanswered)
  expect(lines).toContain(`Error fetching ${URL}: other side closed`)
  expect(lines).toContain(`ERROR: response code for "${URL}" is 0;  expected 200`)
})

test('success takes as many good iterations in a row as were asked for', () => {
  const { lines, tell } = setUp({ minSuccesses: 2 })
  const isSuccess = () => lines.includes('MAESTRO! THIS TEST SUCCEEDED!')
  tell(answered(200))
  expect(isSuccess()).toBe(false)
  tell(answered(200))
  expect(isSuccess()).toBe(true)
  tell(answered(403))
  tell(answered(200))
  expect(isSuccess()).toBe(false)
})

test('a verdict of fail is told once, in both wordings, and silences success', () => {
  const { lines, state, tell } = setUp()
  state.isFailing = true
  tell(answered(200))
  expect(lines).toContain('MAESTRO, WE HAVE A PROBLEM! THIS TEST FAILED!')
  expect(lines).toContain('MAESTRO! THIS TEST FAILED!')
  expect(lines).not.toContain('MAESTRO! THIS TEST SUCCEEDED!')
  tell(answered(200))
  expect(lines).not.toContain('MAESTRO! THIS TEST FAILED!')
})

test('used-up iterations end with an exit code: 1 without success, 0 with it', () => {
  const failing = setUp({ maxIterations: 1 })
  expect(failing.tell(answered(403), 1)).toBeUndefined()
  expect(failing.tell(answered(403), 2, true)).toBe(1)
  expect(failing.lines).toContain('Threshold of 1 iterations exceeded')
  expect(failing.lines).toContain('MAESTRO! THIS TEST FAILED!')
  const succeeding = setUp({ maxIterations: 1 })
  succeeding.tell(answered(200), 1)
  expect(succeeding.tell(answered(200), 2, true)).toBe(0)
  expect(succeeding.lines).not.toContain('MAESTRO! THIS TEST FAILED!')
})
