import { parseSplit, type SplitVerdict } from '@bookstore/contract'
import { expect, test } from 'vitest'
import { drawVersion, seededRandom } from '../bench/seeded-random.ts'
import { combineVerdicts } from './combine.ts'
import { createSplitMonitor } from './split-monitor.ts'

const declared = parseSplit('v1=50,v2=50')
const random = seededRandom(4)

function bought(truth: string, purchases: number): SplitVerdict {
  const monitor = createSplitMonitor({ declared })
  const shares = parseSplit(truth)
  while (monitor.purchases < purchases) monitor.observe(drawVersion(shares, random))
  return monitor.verdict()
}

function together(...verdicts: readonly SplitVerdict[]): SplitVerdict {
  const buyers = verdicts.map((verdict, at) => ({ name: `http://buyer-${at + 1}`, verdict }))
  return combineVerdicts({ declared, alpha: 0.01, tolerance: 0.05, buyers })
}

test('what is too few for each is enough for all', () => {
  const verdicts = Array.from({ length: 5 }, () => bought('v1=50,v2=50', 600))
  expect(verdicts.map(({ status }) => status)).not.toContain('pass')
  expect(together(...verdicts)).toMatchObject({
    status: 'pass',
    purchases: 3_000,
    reason: expect.stringMatching(/^5 buyers together: matches 50\/50/)
  })
})

test('what each sees a little, all see surely', () => {
  const verdicts = Array.from({ length: 5 }, () => bought('v1=60,v2=40', 120))
  expect(together(...verdicts)).toMatchObject({ status: 'fail', reason: expect.stringContaining('not 50/50') })
})

test('a buyer that contradicts the others is named, and nothing passes', () => {
  const right = [bought('v1=50,v2=50', 4_000), bought('v1=50,v2=50', 4_000), bought('v1=50,v2=50', 4_000)]
  const odd = bought('v1=58,v2=42', 2_000)
  const verdict = together(...right, odd)
  expect(verdict.status).not.toBe('pass')
  expect(verdict.reason).toMatch(
    /buyers contradict each other: at http:\/\/buyer-4 bookstore-v1 got 5\d % of 2,000 purchases, at the others (49|50|51) %/
  )
})

test('one that fails by far is enough', () => {
  const verdicts = [...Array.from({ length: 3 }, () => bought('v1=50,v2=50', 4_000)), bought('v1=90,v2=10', 300)]
  expect(together(...verdicts)).toMatchObject({ status: 'fail', reason: expect.stringContaining('http://buyer-4') })
})

test('a sale that must never come fails for all', () => {
  const monitor = createSplitMonitor({ declared })
  monitor.observe('v3')
  expect(together(bought('v1=50,v2=50', 3_000), monitor.verdict())).toMatchObject({
    status: 'fail',
    reason: '2 buyers together: bookstore-v3 is not in the declared split and sold 1'
  })
})

test('correct buyers: no more alarms and contradictions than alpha allows, looked at every 100 purchases', () => {
  const runs = 100
  let wrong = 0
  for (let run = 0; run < runs; run++) {
    const monitors = [1, 2, 3].map(() => createSplitMonitor({ declared }))
    for (let look = 0; look < 10; look++) {
      for (const monitor of monitors) for (let at = 0; at < 100; at++) monitor.observe(drawVersion(declared, random))
      const { status, reason } = together(...monitors.map(monitor => monitor.verdict()))
      if (status !== 'fail' && !reason.includes('contradict')) continue
      wrong += 1
      break
    }
  }
  // 2 alpha, and three deviations
  expect(wrong).toBeLessThanOrEqual(Math.floor(0.02 * runs + 3 * Math.sqrt(runs * 0.02)))
})
