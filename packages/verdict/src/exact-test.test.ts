import { describe, expect, test } from 'vitest'
import { seededRandom } from '../bench/seeded-random.ts'
import { createDriftBets } from './drift-bets.ts'
import { createExactTest } from './exact-test.ts'

// What the README says, written down once more and in another way: the steady part from factorials (sums of ln), the
// late part as the sum over every start on its own, without the recursion.

function indexOf(shares: readonly number[], drawn: number): number {
  let sum = 0
  for (const [at, share] of shares.entries()) {
    sum += share
    if (drawn < sum) return at
  }
  return 0
}

function logRising(from: number, steps: number): number {
  let sum = 0
  for (let step = 0; step < steps; step++) sum += Math.log(from + step)
  return sum
}

function averageOf(logs: readonly number[], weights: readonly number[]): number {
  const highest = Math.max(...logs)
  return highest + Math.log(logs.reduce((sum, log, at) => sum + (weights[at] ?? 0) * Math.exp(log - highest), 0))
}

function logDirichlet(shares: readonly number[], counts: readonly number[], concentration: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const parts = shares.map((share, at) => {
    const count = counts[at] ?? 0
    return logRising(concentration * share, count) - count * Math.log(share)
  })
  return parts.reduce((sum, part) => sum + part, 0) - logRising(concentration, total)
}

function logMixture(shares: readonly number[], counts: readonly number[]): number {
  return averageOf([logDirichlet(shares, counts, 5), logDirichlet(shares, counts, 50)], [2 / 3, 1 / 3])
}

function logSteady(shares: readonly number[], counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const all = logMixture(shares, counts)
  if (shares.length === 2) return all
  const each = shares.map((share, at) => logMixture([share, 1 - share], [counts[at] ?? 0, total - (counts[at] ?? 0)]))
  return averageOf([all, ...each], [0.5, ...shares.map(() => 0.5 / shares.length)])
}

function tau(purchases: number): number {
  return Math.log(100) / Math.log(purchases + 100)
}

function late(shares: readonly number[], purchases: readonly number[]): number {
  const versions = shares.length === 2 ? [0] : shares.map((_, at) => at)
  const shifts = [0.1, 0.2, 0.4, 0.8, 1.5, 3, 6].flatMap(shift => [-shift, shift])
  let sum = tau(purchases.length)
  for (let start = 0; start < purchases.length; start++) {
    const stake = (tau(start) - tau(start + 1)) / (versions.length * shifts.length)
    const since = purchases.slice(start)
    for (const version of versions) {
      const share = shares[version] ?? 0
      const hits = since.filter(bought => bought === version).length
      for (const shift of shifts) {
        const shifted = (share * Math.exp(shift)) / (1 - share + share * Math.exp(shift))
        const won = hits * Math.log(shifted / share) + (since.length - hits) * Math.log((1 - shifted) / (1 - share))
        sum += stake * Math.exp(won)
      }
    }
  }
  return sum
}

describe('agrees to 1e-9 with an independent implementation', () => {
  test.each([
    { declared: [0.5, 0.5], truth: [0.5, 0.5] },
    { declared: [0.5, 0.5], truth: [0.65, 0.35] },
    { declared: [0.97, 0.01, 0.01, 0.01], truth: [0.94, 0.02, 0.02, 0.02] }
  ])('$declared that is $truth', ({ declared, truth }) => {
    const exact = createExactTest(declared)
    const random = seededRandom(16)
    const counts = declared.map(() => 0)
    const purchases: number[] = []
    for (let bought = 1; bought <= 500; bought++) {
      const index = indexOf(truth, random())
      counts[index] = (counts[index] ?? 0) + 1
      purchases.push(index)
      const logE = exact.observe(index)
      if (bought % 50 > 0) continue
      const expected = averageOf([logSteady(declared, counts), Math.log(late(declared, purchases))], [0.9, 0.1])
      expect(Math.abs(logE - expected)).toBeLessThan(1e-9)
    }
  })
})

// A bet for each end of each version's bounds and each size of drift, from every start, half of the money from the first.
function beyond(bounds: readonly { readonly low: number; readonly high: number }[], purchases: readonly number[]) {
  const bets = bounds.flatMap(({ low, high }, version) =>
    [0.1, 0.4, 1.5].flatMap(shift => [
      { version, share: low, shift: -shift },
      { version, share: high, shift }
    ])
  )
  const wonSince = (start: number) =>
    bets.reduce((sum, { version, share, shift }) => {
      const odds = (share / (1 - share)) * Math.exp(shift)
      const shifted = odds / (1 + odds)
      const since = purchases.slice(start)
      const factors = since.map(bought => (bought === version ? shifted / share : (1 - shifted) / (1 - share)))
      return sum + factors.reduce((product, factor) => product * factor, 1) / bets.length
    }, 0)
  const later = purchases.map((_, start) => (tau(start) - tau(start + 1)) * wonSince(start))
  return 0.5 * wonSince(0) + 0.5 * (tau(purchases.length) + later.reduce((sum, won) => sum + won, 0))
}

test('the bets against the tolerance agree to 1e-9 with the sum over every start', () => {
  const bounds = [0.5, 0.3, 0.2].map(share => ({ low: share - 0.05, high: share + 0.05 }))
  const options = { bounds, fromStart: 0.5, shifts: [0.1, 0.4, 1.5] }
  const bets = createDriftBets(options)
  const random = seededRandom(16)
  const purchases: number[] = []
  for (let bought = 1; bought <= 300; bought++) {
    const index = indexOf(bought < 150 ? [0.5, 0.3, 0.2] : [0.7, 0.2, 0.1], random())
    purchases.push(index)
    const e = bets.observe(index)
    if (bought % 50 === 0) expect(Math.abs(Math.log(e) - Math.log(beyond(bounds, purchases)))).toBeLessThan(1e-9)
  }
})

test('a drift after a long correct run is told with its version and about when it began', () => {
  const exact = createExactTest([0.5, 0.3, 0.2])
  const random = seededRandom(3)
  for (let bought = 0; bought < 5_000; bought++) {
    const value = random()
    exact.observe(value < 0.5 ? 0 : value < 0.8 ? 1 : 2)
  }
  expect(exact.logE()).toBeLessThan(Math.log(100))
  let came = 0
  while (exact.logE() < Math.log(100)) {
    exact.observe(random() < 0.7 ? 2 : 0)
    came += 1
  }
  const drifted = exact.drifted()
  expect(came).toBeLessThan(60)
  expect(drifted?.version).toBe(2)
  expect(Math.abs((drifted?.since ?? 0) - 5_000)).toBeLessThan(30)
})
