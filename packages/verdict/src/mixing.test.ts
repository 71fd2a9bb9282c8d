import { parseSplit } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { drawVersion, seededRandom } from '../bench/seeded-random.ts'
import { createMixing, type Mixing } from './mixing.ts'
import { createSplitMonitor } from './split-monitor.ts'

const EVEN = parseSplit('v1=50,v2=50')
const LIMIT = 0.27

function observed(...versions: readonly string[]): Mixing {
  const mixing = createMixing(EVEN, LIMIT)
  for (const version of versions) mixing.observe(version)
  return mixing
}

test('alternating versions are mixed after two changes, since each pays 2', () => {
  expect(observed('v1', 'bookstore-v2').isMixed).toBe(false)
  expect(observed('v1', 'v2', 'v1')).toMatchObject({ isMixed: true, isInRuns: false, isMany: true })
})

test('repeats take it back: q / (1/2 + q/2), with q from the purchases before', () => {
  // v1: q = 1.5/2 pays 6/7; v2: 2; v2: q = 1.5/4 pays 6/11; then 2.5/5 pays 2/3, 3.5/6 pays 14/19 and so on
  const paid = [6 / 7, 2, 6 / 11, 2 / 3, 14 / 19, 18 / 23, 22 / 27].reduce((all, one) => all * one)
  const { isMixed, isInRuns, missing } = observed('v1', 'v1', 'v2', 'v2', 'v2', 'v2', 'v2', 'v2')
  expect([paid > LIMIT, isMixed, isInRuns]).toEqual([true, false, false])
  expect(observed('v1', 'v1', 'v2', 'v2', 'v2', 'v2', 'v2', 'v2', 'v2').isInRuns).toBe(paid * (26 / 31) <= LIMIT)
  expect(missing()).toBeGreaterThan(5)
  expect(missing()).toBeLessThan(40)
})

test('the one before is the last one on the same connection', () => {
  const mixing = createMixing(EVEN, LIMIT)
  for (let bought = 0; bought < 40; bought++) {
    mixing.observe('v1', 'a')
    mixing.observe('v2', 'b')
  }
  expect(mixing).toMatchObject({ isMixed: false, isInRuns: true, isMany: true })
})

test('one version alone, and one that is not declared, say nothing', () => {
  expect(observed('v1', 'v1', 'v1', 'v3')).toMatchObject({ isMixed: false, isInRuns: false, isMany: false })
  expect(createMixing(null, LIMIT).isMany).toBe(false)
})

describe('in a monitor', () => {
  const runsThatEver = (status: 'pass' | 'fail', declared: string, truth: string, length: number) => {
    const random = seededRandom(length)
    let runs = 0
    for (let run = 0; run < 60; run++) {
      const monitor = createSplitMonitor({ declared: parseSplit(declared) })
      let version = ''
      let hasSaid = false
      const seen = new Set<string>()
      while (!monitor.isDependent) {
        if (monitor.purchases % length === 0) version = drawVersion(parseSplit(truth), random)
        monitor.observe(version)
        // while one version alone has answered, that is told as it is
        seen.add(version)
        if (seen.size > 1 && monitor.purchases % length === 0 && monitor.status === status) hasSaid = true
      }
      if (hasSaid) runs += 1
    }
    return runs
  }

  test('runs of a right split are not failed before they are noticed', () => {
    expect(runsThatEver('fail', 'v1=50,v2=50', 'v1=50,v2=50', 5)).toBeLessThanOrEqual(2)
  })

  test('runs of a wrong split are not passed before they are noticed', () => {
    expect(runsThatEver('pass', 'v1=99,v2=1', 'v1=93,v2=7', 20)).toBeLessThanOrEqual(2)
  })

  test('what may be runs says so, and what it would take to tell', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    for (let bought = 0; bought < 40; bought++) monitor.observe(bought < 4 ? 'v2' : 'v1')
    const { status, reason, missing } = monitor.verdict()
    expect([status, monitor.status]).toEqual(['pending', 'pending'])
    expect(reason).toMatch(/^cannot judge 50\/50 yet: in 40 purchases one version follows itself so often .* to tell$/)
    expect(missing).toBeGreaterThan(0)
  })

  test('a connection for each purchase leaves nothing to tell', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    for (let bought = 0; bought < 60; bought++) monitor.observe(bought < 4 ? 'v2' : 'v1', undefined, `c${bought}`)
    expect(monitor.verdict().status).toBe('fail')
  })

  test('a fail that one version alone gave stays when another one shows at last', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    for (let bought = 0; bought < 100; bought++) monitor.observe('v1')
    expect(monitor.status).toBe('fail')
    monitor.observe('v2')
    expect(monitor.status).toBe('fail')
  })
})
