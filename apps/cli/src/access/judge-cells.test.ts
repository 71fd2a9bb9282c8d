import type { DeclaredCell, ProbeReport, ProbeResult } from '@bookstore/contract'
import { expect, test } from 'vitest'
import { explanationOf, judgeCells, strangers } from './judge-cells.ts'

const cell: DeclaredCell = {
  source: 'bookthief',
  destination: 'bookstore-v1',
  method: 'GET',
  path: '/books-bought',
  allowed: false,
  why: 'bookthief is not a source of TrafficTarget x'
}
const result: ProbeResult = {
  to: 'bookstore-v1',
  method: 'GET',
  path: '/books-bought',
  status: null,
  by: null,
  detail: ''
}
const report = (met: Partial<ProbeResult>): ProbeReport => ({ source: 'bookthief', results: [{ ...result, ...met }] })

test.each([
  [{ status: 200, by: 'bookstore-v1' }, 'allowed'],
  // a store's own error came through all the same
  [{ status: 503, by: 'bookstore-v1' }, 'allowed'],
  [{ status: 403, detail: 'RBAC: access denied' }, 'denied'],
  [{ status: 404 }, 'denied'],
  [{ detail: 'UND_ERR_SOCKET' }, 'denied'],
  [{ detail: 'ECONNRESET' }, 'denied'],
  [{ detail: 'ECONNREFUSED' }, 'unanswered'],
  [{ detail: 'TIMEOUT' }, 'unanswered'],
  [{ status: 503, detail: 'no healthy upstream' }, 'unanswered']
] as const)('%o is %s', (met, expected) => {
  const verdictIf = (allowed: boolean) => judgeCells([{ ...cell, allowed }], [report(met)])[0]
  expect(verdictIf(true)?.met).toBe(expected)
  const right = { allowed: 'right', denied: 'wrong', unanswered: 'unknown' }[expected]
  expect(verdictIf(true)?.verdict).toBe(right)
  const otherwise = { allowed: 'wrong', denied: 'right', unanswered: 'unknown' }[expected]
  expect(verdictIf(false)?.verdict).toBe(otherwise)
})

test('a wrong cell is explained by what was declared and what was met, a right one is not', () => {
  const [open] = judgeCells([cell], [report({ status: 200, by: 'bookstore-v1' })])
  expect(open && explanationOf(open)).toMatch(
    /^bookthief -> bookstore-v1 GET \/books-bought: denied, because bookthief is not a source .* bookstore-v1 answered with 200\. Nothing enforces it there/
  )
  const [shut] = judgeCells([{ ...cell, allowed: true, why: 'rule 1' }], [report({ status: 403, detail: 'RBAC' })])
  expect(shut && explanationOf(shut)).toContain('allowed by rule 1, and refused: 403 from the proxy (RBAC)')
  const [silent] = judgeCells([cell], [report({ detail: 'TIMEOUT' })])
  expect(silent && explanationOf(silent)).toContain('nobody answered (TIMEOUT); the policies deny it')
  const [right] = judgeCells([cell], [report({ status: 403 })])
  expect(right && explanationOf(right)).toBe('')
})

test('who was not asked has no cell, and of whom nothing is declared is a stranger', () => {
  expect(judgeCells([{ ...cell, source: 'bookbuyer' }], [report({ status: 403 })])).toEqual([])
  expect(strangers([cell], [report({}), { source: 'my-store', results: [] }])).toEqual(['my-store'])
})
