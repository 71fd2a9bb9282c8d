import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { createBoundedCounter } from './bounded-counter.ts'
import { createLatencyByVersion } from './latency.ts'
import { createRate } from './rate.ts'
import { createTimeline } from './timeline.ts'

const bought = (version: string) => ({ kind: 'bought', version }) as const
const denied = { kind: 'denied', how: '403' } as const
const failed = { kind: 'failed', why: '500' } as const

describe('the timeline', () => {
  test('counts each second by version, denial and failure, with answer times', () => {
    const timeline = createTimeline()
    timeline.record(bought('bookstore-v1'), 10, 5_000)
    timeline.record(bought('bookstore-v1'), 10, 5_900)
    timeline.record(bought('bookstore-v2'), 30, 5_999)
    timeline.record(denied, undefined, 6_000)
    timeline.record(failed, undefined, 8_000)
    const buckets = timeline.read({ since: 0, now: 9_000 })
    expect(buckets.map(({ at, byVersion, denied, failed }) => [at, byVersion, denied, failed])).toEqual([
      [5_000, { 'bookstore-v1': 2, 'bookstore-v2': 1 }, 0, 0],
      [6_000, { 'bookstore-v1': 0, 'bookstore-v2': 0 }, 1, 0],
      [8_000, { 'bookstore-v1': 0, 'bookstore-v2': 0 }, 0, 1]
    ])
    expect(buckets[0]?.p50).toBeCloseTo(10, 0)
    expect(buckets[0]?.p95).toBeCloseTo(30, 0)
    expect(buckets[1]?.p50).toBeNull()
  })

  test("answer times are a second's own, also when its place in the ring was another's", () => {
    const timeline = createTimeline({ seconds: 10 })
    timeline.record(bought('v'), 1_000, 1_000)
    timeline.record(failed, undefined, 11_000)
    expect(timeline.read({ since: 11_000, now: 11_000 })[0]?.p50).toBeNull()
    timeline.record(bought('v'), 10, 11_500)
    expect(timeline.read({ since: 11_000, now: 11_999 })[0]?.p50).toBeCloseTo(10, 0)
    // looked at while it fills, and left for the next one
    timeline.record(bought('v'), 30, 11_900)
    timeline.record(bought('v'), 50, 12_000)
    expect(timeline.read({ since: 11_000, now: 12_000 }).map(({ p95 }) => Math.round(p95 ?? 0))).toEqual([30, 50])
  })

  test('a range starts where it is asked to', () => {
    const timeline = createTimeline()
    for (const at of [1_000, 2_000, 3_000]) timeline.record(denied, undefined, at)
    expect(timeline.read({ since: 1_500, now: 3_000 }).map(({ at }) => at)).toEqual([2_000, 3_000])
  })

  test('what is older than the ring is gone, what is newer takes its place clean', () => {
    const timeline = createTimeline({ seconds: 3 })
    for (const at of [1_000, 2_000, 4_000]) timeline.record(bought('v'), 1, at)
    expect(timeline.read({ since: 0, now: 4_000 }).map(({ at }) => at)).toEqual([2_000, 4_000])
  })

  test('a version too many is counted as other', () => {
    const timeline = createTimeline({ maxVersions: 2 })
    for (const version of ['a', 'b', 'c']) timeline.record(bought(version), 1, 1_000)
    expect(timeline.read({ since: 0, now: 1_000 })[0]?.byVersion).toEqual({ a: 1, other: 2 })
  })

  test('24 hours of shopping at every second take less than 30 MB', () => {
    const script = `
      const { createTimeline } = await import(${JSON.stringify(import.meta.resolve('./timeline.ts'))})
      const used = () => (gc(), process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers)
      const before = used()
      const timeline = createTimeline()
      for (let second = 1; second <= 86_400; second++) {
        const outcome = { kind: 'bought', version: 'bookstore-v' + (second % 9) }
        timeline.record(outcome, 1, second * 1000)
      }
      const taken = used() - before
      console.log(taken, timeline.read({ since: 0, now: 86_400_000 }).length)`
    const options = ['--expose-gc', '--input-type=module', '-e', script]
    const [taken = 0, seconds] = execFileSync(process.execPath, options, { encoding: 'utf8' }).split(' ').map(Number)
    expect(seconds).toBe(86_400)
    expect(taken).toBeGreaterThan(1e6)
    expect(taken).toBeLessThan(30e6)
  })
})

test('labels from the wire are bounded', () => {
  const counter = createBoundedCounter({ maxLabels: 2 })
  for (const label of ['b', 'a', 'c', 'd', 'a']) counter.add(label)
  expect(counter.counts()).toEqual({ a: 2, b: 1, other: 2 })
  expect(counter.total()).toBe(5)
  counter.clear()
  expect(counter.counts()).toEqual({})
})

test('answer times are kept by version, in milliseconds, for a bounded number of versions', () => {
  const latency = createLatencyByVersion({ maxVersions: 1 })
  for (let at = 1; at <= 100; at++) latency.record('a', at)
  latency.record('b', 1)
  expect(Object.keys(latency.read())).toEqual(['a'])
  expect(latency.read()['a']?.p50).toBeCloseTo(50, 0)
  expect(latency.read()['a']?.p95).toBeCloseTo(95, 0)
})

test('the rate is that of the last whole seconds', () => {
  const rate = createRate({ seconds: 2 })
  for (const at of [1_000, 1_500, 2_000, 3_000]) rate.record(at)
  expect(rate.perSecond(3_100)).toBe(1.5)
  expect(rate.perSecond(4_100)).toBe(1)
  expect(rate.perSecond(60_000)).toBe(0)
})
