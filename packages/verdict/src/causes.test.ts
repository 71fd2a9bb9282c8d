import { type CauseCode, parseSplit, type Split } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { drawVersion, seededRandom } from '../bench/seeded-random.ts'
import { createSplitMonitor } from './split-monitor.ts'

interface Shopping {
  readonly declared: string
  readonly truth: string
  readonly purchases: number
  readonly replicas?: Split
}

function causesOf({ declared, truth, purchases, replicas }: Shopping): readonly CauseCode[] {
  const monitor = createSplitMonitor({ declared: parseSplit(declared) })
  const random = seededRandom(12)
  const shares = parseSplit(truth)
  for (let bought = 0; bought < purchases; bought++) monitor.observe(drawVersion(shares, random))
  return monitor.verdict({ replicas }).causes.map(({ code }) => code)
}

describe('replica-ratio', () => {
  test('90/10 that sells half and half is what equal replicas give', () => {
    expect(causesOf({ declared: 'v1=90,v2=10', truth: 'v1=50,v2=50', purchases: 400 })).toStrictEqual(['replica-ratio'])
  })

  test('is measured against the replicas that are known', () => {
    const shopping = { declared: 'v1=90,v2=10', truth: 'v1=50,v2=50', purchases: 400 }
    expect(causesOf({ ...shopping, replicas: parseSplit('v1=3,v2=1') })).toStrictEqual([])
    const unlike = { declared: 'v1=50,v2=50', truth: 'v1=75,v2=25', purchases: 400 }
    expect(causesOf({ ...unlike, replicas: parseSplit('v1=3,v2=1') })).toStrictEqual(['replica-ratio'])
  })

  test('is not named for a drift elsewhere, nor after few purchases', () => {
    expect(causesOf({ declared: 'v1=90,v2=10', truth: 'v1=75,v2=25', purchases: 1_000 })).toStrictEqual([])
    expect(causesOf({ declared: 'v1=99,v2=1', truth: 'v1=50,v2=50', purchases: 40 })).toStrictEqual([])
  })
})

describe('one-version and silent-version', () => {
  test('all from v1 and none from v2', () => {
    expect(causesOf({ declared: 'v1=50,v2=50', truth: 'v1=1', purchases: 40 })).toStrictEqual([
      'one-version',
      'silent-version'
    ])
  })

  test('two of three versions answer: only the third is named', () => {
    expect(causesOf({ declared: 'v1=40,v2=30,v3=30', truth: 'v1=1,v2=1', purchases: 60 })).toStrictEqual([
      'silent-version'
    ])
  })

  test('are not named while luck explains it, nor where it is what was declared', () => {
    expect(causesOf({ declared: 'v1=50,v2=50', truth: 'v1=1', purchases: 5 })).toStrictEqual([])
    expect(causesOf({ declared: 'v1=100,v2=0', truth: 'v1=1', purchases: 500 })).toStrictEqual([])
    expect(causesOf({ declared: 'v1=99,v2=1', truth: 'v1=1', purchases: 100 })).toStrictEqual([])
  })
})

describe('changed', () => {
  function changeAfter(purchases: number): ReturnType<ReturnType<typeof createSplitMonitor>['verdict']> {
    const monitor = createSplitMonitor({ declared: parseSplit('v1=50,v2=50') })
    const random = seededRandom(8)
    const start = Date.UTC(2026, 0, 1)
    for (let bought = 0; bought < 1_500; bought++) {
      const shares = parseSplit(bought < purchases ? 'v1=50,v2=50' : 'v1=80,v2=20')
      monitor.observe(drawVersion(shares, random), start + bought * 100)
    }
    return monitor.verdict()
  }

  test('names the purchase, the time and both shares', () => {
    const [cause] = changeAfter(1_000).causes
    expect(cause?.code).toBe('changed')
    expect(Math.abs((cause?.purchase ?? 0) - 1_000)).toBeLessThan(60)
    expect(cause?.text).toMatch(/after about purchase 9\d\d|after about purchase 1,0\d\d/)
    expect(cause?.text).toMatch(
      /\(2026-01-01T00:01:\d\d\.\d00Z\): bookstore-v1 had (49|5\d) % before and [78]\d % since/
    )
  })

  test('is not named for a split that was wrong from the start', () => {
    expect(causesOf({ declared: 'v1=50,v2=50', truth: 'v1=80,v2=20', purchases: 1_500 })).toStrictEqual([])
  })
})

test('a correct split has no causes', () => {
  expect(causesOf({ declared: 'v1=50,v2=50', truth: 'v1=50,v2=50', purchases: 3_000 })).toStrictEqual([])
})
