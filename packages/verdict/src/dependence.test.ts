import { describe, expect, test } from 'vitest'
import { seededRandom } from '../bench/seeded-random.ts'
import { createDependence } from './dependence.ts'

type Purchase = readonly [version: string, connection?: string]

/** In how many of `runs` runs dependence is found. */
function found(runs: number, most: number, purchase: (at: number, random: () => number) => Purchase): number {
  const random = seededRandom(16)
  let times = 0
  for (let run = 0; run < runs; run++) {
    const dependence = createDependence(0.0025)
    for (let at = 0; at < most && !dependence.isFound; at++) dependence.observe(...purchase(at, random))
    if (dependence.isFound) times += 1
  }
  return times
}

const either = (random: () => number, share = 0.5) => (random() < share ? 'v1' : 'v2')

describe('is found', () => {
  test.each([2, 5, 20])('where each version comes %d times in a row', length => {
    let version = ''
    const runs = found(50, 2_000, (at, random) => {
      if (at % length === 0) version = either(random)
      return [version]
    })
    expect(runs).toBe(50)
  })

  test('where ten connections keep to their versions, though their purchases alternate', () => {
    let versions: readonly string[] = []
    const runs = found(50, 500, (at, random) => {
      if (at === 0) versions = ['v1', 'v2', ...Array.from({ length: 8 }, () => either(random))]
      return [versions[at % 10] ?? '', `c${at % 10}`]
    })
    expect(runs).toBe(50)
  })
})

describe('is not found', () => {
  test.each([0.5, 0.9, 0.99])('in independent purchases of a share of %d', share => {
    expect(found(150, 2_000, (_, random) => [either(random, share)])).toBeLessThanOrEqual(2)
  })

  test('in independent purchases on ten connections', () => {
    expect(found(150, 1_000, (at, random) => [either(random), `c${at % 10}`])).toBeLessThanOrEqual(2)
  })

  test('in shares that change at once, even from all to nothing', () => {
    expect(found(50, 3_000, at => [at < 1_500 ? 'v1' : 'v2'])).toBe(0)
    expect(found(50, 3_000, (at, random) => [at < 1_500 ? either(random) : 'v1'])).toBe(0)
  })

  test('where versions take turns', () => {
    expect(found(1, 3_000, at => [at % 2 === 0 ? 'v1' : 'v2'])).toBe(0)
  })
})

test('over all orders of three pairs and their partners the evidence passes 1.2 in no more than 1 of 1.2', () => {
  // nine purchases make three triples: all 2^9 orders of them, the other purchases take no part
  let mean = 0
  for (let order = 0; order < 2 ** 9; order++) {
    const version = (bit: number) => ((order >> bit) & 1 ? 'v1' : 'v2')
    const limit = 1.2
    const dependence = createDependence(1 / limit)
    const sequence = [0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 7, 8]
    for (const bit of sequence) dependence.observe(version(bit))
    if (dependence.isFound) mean += 1 / 2 ** 9
  }
  // Ville: at most 1 / 1.2 of the orders may pass 1.2, and some must
  expect(mean).toBeLessThanOrEqual(1 / 1.2)
  expect(mean).toBeGreaterThan(0)
})
