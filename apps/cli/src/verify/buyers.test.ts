import type { Snapshot } from '@bookstore/contract'
import { judgeCounts } from '@bookstore/verdict'
import { expect, test } from 'vitest'
import { verifyBuyers } from './buyers.ts'

const half = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }

function snapshot(v1: number, v2: number, declared: Record<string, number> = half): Snapshot {
  return {
    verdict: judgeCounts({ declared, counts: { v1, v2 } }),
    declared: { split: declared },
    health: { status: 'ok' },
    window: { id: 1, settling: false },
    policies: { problems: [] }
  } as unknown as Snapshot
}

function run(byUrl: Readonly<Record<string, Snapshot>>) {
  const api = { snapshot: async (url: string) => byUrl[url] as Snapshot }
  const signal = new AbortController().signal
  return verifyBuyers({ urls: Object.keys(byUrl), timeoutMs: 1, api, signal, progress: () => {}, lookEveryMs: 1 })
}

test('buyers that have too few purchases each pass together', async () => {
  const report = await run({ 'http://127.0.0.1:1': snapshot(600, 610), 'http://127.0.0.1:2': snapshot(605, 595) })
  expect(report).toMatchObject({
    status: 'pass',
    judged: 'judged: http://127.0.0.1:1, http://127.0.0.1:2',
    checks: [{ name: 'split 50/50', reason: expect.stringMatching(/^2 buyers together: matches 50\/50/) }]
  })
})

test('a buyer that contradicts the others is named', async () => {
  const report = await run({
    'http://127.0.0.1:1': snapshot(2_000, 2_000),
    'http://127.0.0.1:2': snapshot(2_000, 2_010),
    'http://127.0.0.1:3': snapshot(900, 600)
  })
  expect(report.status).not.toBe('pass')
  expect(report.checks[0]?.reason).toContain('buyers contradict each other: at http://127.0.0.1:3')
})

test('buyers that settle, or are broken now, do not pass', async () => {
  const good = snapshot(3_000, 3_000)
  const settling = { ...good, window: { ...good.window, settling: true } }
  expect(await run({ 'http://127.0.0.1:1': good, 'http://127.0.0.1:2': settling })).toMatchObject({ status: 'pending' })
  const broken = { ...good, health: { ...good.health, status: 'degraded' as const, reason: 'no answers' } }
  const report = await run({ 'http://127.0.0.1:1': good, 'http://127.0.0.1:2': broken })
  expect(report.status).toBe('pending')
  expect(report.checks[1]?.reason).toBe('http://127.0.0.1:2: no answers')
})

test('buyers that do not expect the same are not judged together', async () => {
  const other = snapshot(90, 10, { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 })
  await expect(run({ 'http://127.0.0.1:1': snapshot(5, 5), 'http://127.0.0.1:2': other })).rejects.toThrow(
    'http://127.0.0.1:2 expects 90/10 ± 5 points at alpha 0.01, and http://127.0.0.1:1 50/50 ± 5 at 0.01'
  )
})
