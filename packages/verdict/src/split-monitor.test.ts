import { parseSplit } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { drawVersion, seededRandom } from '../bench/seeded-random.ts'
import { reasonWithOutlook } from './describe-split.ts'
import { createSplitMonitor, type SplitMonitor } from './split-monitor.ts'

const EVEN = parseSplit('v1=50,v2=50')

/** Buys n times, giving v1 in turn as often as `share` says. */
function buy(monitor: SplitMonitor, purchases: number, share: number): void {
  for (let bought = 1; bought <= purchases; bought++) {
    const first = Math.floor(bought * share) > Math.floor((bought - 1) * share)
    monitor.observe(first ? 'v1' : 'v2')
  }
}

describe('pending', () => {
  test('before the first purchase it says so and knows how many are missing', () => {
    const verdict = createSplitMonitor({ declared: EVEN }).verdict()
    expect(verdict).toMatchObject({
      status: 'pending',
      reason: 'nothing bought yet',
      purchases: 0,
      logE: 0
    })
    expect(verdict.missing).toBeGreaterThan(1_000)
    expect(verdict.versions[0]).toMatchObject({ share: 0, low: 0, high: 1 })
  })

  test('a split that looks right says how far it is and how many purchases are missing', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    buy(monitor, 420, 0.52)
    const verdict = monitor.verdict()
    const { status, reason, missing } = verdict
    expect(status).toBe('pending')
    expect(reason).toBe('consistent with 50/50 so far: bookstore-v1 52 % ± 9 after 420 purchases')
    expect(reasonWithOutlook(verdict)).toMatch(/^consistent .* after 420 purchases; about 1,\d00 more to be sure$/)
    expect(missing).toBeGreaterThan(1_000)
  })

  test('a split that looks wrong without proof says perhaps', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    buy(monitor, 150, 0.62)
    expect(monitor.verdict().status).toBe('pending')
    buy(monitor, 60, 0.62)
    expect(monitor.verdict().reason).toMatch(/^perhaps not 50\/50, but not proven yet: bookstore-v1 6\d %/)
  })
})

describe('pass', () => {
  test('comes when every interval is within the tolerance, and not before', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    buy(monitor, 1_300, 0.5)
    expect(monitor.verdict().status).toBe('pending')
    buy(monitor, 700, 0.5)
    const { status, reason, missing, versions } = monitor.verdict()
    expect(status).toBe('pass')
    expect(missing).toBeNull()
    expect(reason).toBe(
      'matches 50/50: bookstore-v1 50 % ± 4 after 2,000 purchases; every version is within ± 5 points of its declared share'
    )
    for (const { low, high } of versions) {
      expect(low).toBeGreaterThanOrEqual(0.45)
      expect(high).toBeLessThanOrEqual(0.55)
    }
  })

  test('a narrower tolerance needs more purchases', () => {
    const monitor = createSplitMonitor({ declared: EVEN, tolerance: 0.02 })
    buy(monitor, 2_000, 0.5)
    expect(monitor.verdict()).toMatchObject({
      status: 'pending',
      tolerance: 0.02
    })
  })

  test('of 100/0 takes about 90 purchases of v1', () => {
    const monitor = createSplitMonitor({ declared: parseSplit('v1=100,v2=0') })
    buy(monitor, 89, 1)
    expect(monitor.verdict().status).toBe('pending')
    buy(monitor, 11, 1)
    expect(monitor.verdict()).toMatchObject({ status: 'pass', alarmAt: null })
    expect(monitor.verdict().logE).toBeCloseTo(0, 12)
  })

  test('waits for a version whose declared share is below the tolerance', () => {
    const monitor = createSplitMonitor({ declared: parseSplit('v1=99,v2=1') })
    buy(monitor, 150, 1)
    const verdict = monitor.verdict()
    expect(verdict.status).toBe('pending')
    expect(reasonWithOutlook(verdict)).toMatch(/; bookstore-v2 has not answered yet; about 100 more to be sure$/)
    monitor.observe('v2')
    expect(monitor.verdict()).toMatchObject({
      status: 'pending',
      reason: expect.stringMatching(/^cannot judge 99\/1 yet: in 151 purchases/)
    })
    buy(monitor, 90, 1)
    monitor.observe('v2')
    monitor.observe('v1')
    expect(monitor.verdict().status).toBe('pass')
  })

  test('of a split with one version alone works the same', () => {
    const monitor = createSplitMonitor({ declared: parseSplit('v1=1') })
    buy(monitor, 100, 1)
    expect(monitor.verdict().status).toBe('pass')
  })
})

describe('not exact, but within the tolerance', () => {
  test('is a pass that stays and says how far it is off', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    buy(monitor, 7_000, 0.52)
    expect(monitor.verdict()).toMatchObject({ status: 'pass', alarmAt: null })
    buy(monitor, 13_000, 0.52)
    const { status, reason, alarmAt, causes } = monitor.verdict()
    expect(status).toBe('pass')
    expect(reason).toBe(
      'within ± 5 points of 50/50, but not exactly: bookstore-v1 got 52 % of 20,000 purchases (between 50.6 % and 53.4 %)'
    )
    expect(alarmAt).toBeGreaterThan(7_000)
    expect(causes).toStrictEqual([])
  })

  test('keeps its pass when the alarm comes, and says since when it is sure', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    const random = seededRandom(8)
    const truth = parseSplit('v1=52,v2=48')
    while (monitor.status !== 'pass') monitor.observe(drawVersion(truth, random))
    // what comes then is further off, and within all the same: the interval of all reaches beyond for a while
    while (monitor.alarmAt === null) buy(monitor, 100, 0.545)
    expect(monitor.verdict()).toMatchObject({
      status: 'pass',
      reason: expect.stringMatching(
        /^within ± 5 points of 50\/50, but not exactly: .*; since purchase [\d,]+ it is sure/
      )
    })
  })

  test('a pass is taken back by an alarm when what came since lies beyond', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    const random = seededRandom(8)
    while (monitor.status !== 'pass') monitor.observe(drawVersion(EVEN, random))
    const truth = parseSplit('v1=57,v2=43')
    while (monitor.alarmAt === null) monitor.observe(drawVersion(truth, random))
    expect(monitor.status).not.toBe('pass')
  })

  test('is not yet judged while it may be beyond, and the reason says so', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    buy(monitor, 4_000, 0.54)
    const { status, reason, missing } = monitor.verdict()
    expect(status).toBe('pending')
    expect(reason).toMatch(
      /^not exactly 50\/50: bookstore-v1 got 54 % of 4,000 purchases \(between 5\d % and 5\d %\); about [\d,]+ more to be sure within ± 5 points$/
    )
    expect(missing).toBeGreaterThan(10_000)
  })

  test('a late small drift is told of the purchases since', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    const random = seededRandom(5)
    for (let bought = 0; bought < 20_000; bought++) monitor.observe(drawVersion(EVEN, random))
    const late = parseSplit('v1=53,v2=47')
    while (monitor.alarmAt === null) monitor.observe(drawVersion(late, random))
    for (let bought = 0; bought < 5_000; bought++) monitor.observe(drawVersion(late, random))
    const { status, reason } = monitor.verdict()
    expect(status).toBe('pass')
    expect(reason).toMatch(
      /^within ± 5 points of 50\/50, but lately not exactly: bookstore-v1 got 5[23][.\d]* % of the last [\d,]+ purchases/
    )
  })

  test('what goes beyond the tolerance after such an alarm fails as well', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    buy(monitor, 20_000, 0.52)
    expect(monitor.verdict().status).toBe('pass')
    buy(monitor, 2_500, 0.65)
    expect(monitor.verdict().status).toBe('fail')
    expect(monitor.verdict().reason).toMatch(/^no longer 50\/50: bookstore-v1 got 65 % of the last 2,\d00 purchases/)
  })
})

test('a pass is held while the intervals waver at the edge of the tolerance', () => {
  const monitor = createSplitMonitor({ declared: EVEN })
  while (monitor.verdict().status !== 'pass') buy(monitor, 20, 0.5)
  buy(monitor, 80, 0.7)
  expect(monitor.verdict()).toMatchObject({
    status: 'pass',
    reason: expect.stringMatching(
      /; since purchase 1,\d\d\d it is sure that every version is within ± 5 points of its declared share$/
    )
  })
})

describe('fail', () => {
  test('a wrong split fails and the reason names what was seen', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    buy(monitor, 800, 0.6)
    const { status, reason, alarmAt, logE } = monitor.verdict()
    expect(status).toBe('fail')
    expect(reason).toMatch(
      /^not 50\/50: bookstore-v1 got 60 % of 800 purchases \(between 5[34] % and 6[67] %\); a correct split would look this far off less than once in 100 tries$/
    )
    expect(alarmAt).toBeGreaterThan(50)
    expect(alarmAt).toBeLessThan(800)
    expect(logE).toBeGreaterThan(Math.log(100))
  })

  test('alarmAt is the purchase at which e first passed 1/alpha, and stays', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    while (monitor.alarmAt === null) monitor.observe('v1')
    const { alarmAt } = monitor
    expect(monitor.purchases).toBe(alarmAt)
    for (let bought = 0; bought < 200; bought++) monitor.observe('v2')
    buy(monitor, 3_000, 0.5)
    expect(monitor.verdict()).toMatchObject({ status: 'fail', alarmAt })
  })

  test('a share strayed in between is told even though the whole looks right by now', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    buy(monitor, 80, 0.8)
    buy(monitor, 80, 0.2)
    expect(monitor.verdict().status).toBe('fail')
    expect(monitor.verdict().reason).toMatch(/^(not steadily|no longer) 50\/50: /)
  })

  test('one purchase of a version that was declared 0 is enough', () => {
    const monitor = createSplitMonitor({ declared: parseSplit('v1=100,v2=0') })
    buy(monitor, 40, 1)
    monitor.observe('v2')
    expect(monitor.verdict()).toMatchObject({
      status: 'fail',
      reason: 'bookstore-v2 was declared 0 and sold 1',
      alarmAt: 41,
      logE: Infinity
    })
  })

  test('one purchase of an undeclared version is enough, and it is named', () => {
    const monitor = createSplitMonitor({ declared: EVEN })
    monitor.observe('v1')
    monitor.observe('bookstore-v10')
    const { reason, alarmAt, versions } = monitor.verdict()
    expect(reason).toBe('bookstore-v10 is not in the declared split and sold 1')
    expect(alarmAt).toBe(2)
    expect(versions.at(-1)).toMatchObject({
      version: 'bookstore-v10',
      declared: 0,
      unknown: true,
      count: 1
    })
  })
})

test('a split that goes wrong after a long correct run is found soon, with what came since', () => {
  const monitor = createSplitMonitor({ declared: EVEN })
  const random = seededRandom(3)
  for (let bought = 0; bought < 100_000; bought++) monitor.observe(drawVersion(EVEN, random), bought)
  expect(monitor.verdict().status).toBe('pass')
  const late = parseSplit('v1=80,v2=20')
  for (let bought = 0; bought < 400; bought++) monitor.observe(drawVersion(late, random), 100_000 + bought)
  const { status, reason, causes } = monitor.verdict()
  expect(status).toBe('fail')
  expect(reason).toMatch(/^no longer 50\/50: bookstore-v\d got (2|8)\d % of the last 4\d\d purchases, 50 % before/)
  const [cause] = causes.filter(({ code }) => code === 'changed')
  expect(Math.abs((cause?.purchase ?? 0) - 100_000)).toBeLessThan(100)
  expect(cause?.at).toBe((cause?.purchase ?? 0) - 1)
})

test('without a declared split it counts and stays pending', () => {
  const monitor = createSplitMonitor({ declared: null })
  for (let bought = 0; bought < 50; bought++) monitor.observe('v1')
  expect(monitor.verdict()).toMatchObject({
    status: 'pending',
    reason: 'no split is declared; 50 purchases counted',
    missing: null,
    causes: [],
    versions: [{ version: 'bookstore-v1', declared: null, count: 50, share: 1, unknown: false }]
  })
})

test('names a stranger invents cannot fill the memory', () => {
  const monitor = createSplitMonitor({ declared: EVEN })
  for (let name = 0; name < 1_000; name++) monitor.observe(`bookstore-v${name + 3}`)
  const { versions, purchases } = monitor.verdict()
  expect(versions.length).toBe(2 + 33)
  expect(versions.at(-1)).toMatchObject({ version: 'other versions', count: 968 })
  expect(purchases).toBe(1_000)
})

test('alpha and tolerance out of range are refused', () => {
  expect(() => createSplitMonitor({ declared: EVEN, alpha: 0 })).toThrow(RangeError)
  expect(() => createSplitMonitor({ declared: EVEN, tolerance: 5 })).toThrow('0.05 is 5 points')
})
