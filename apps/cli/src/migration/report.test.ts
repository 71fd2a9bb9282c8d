import type { RecordEntry, RecordedSecond, ShoppingRecord } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { csvOf } from './csv.ts'
import { migrationPage, timelinePage } from './page.ts'
import { migrationReport } from './report.ts'
import { textReport } from './text-report.ts'

const START = Date.UTC(2026, 10, 25, 14)
const at = (second: number) => START + second * 1000

/** A record of seconds, one character each: `o` v1 by OSM's Envoy, `i` v2 proved by Istio, `d` denied, `f` failed, `.` nothing, `_` no record. */
function record(app: ShoppingRecord['app'], seconds: string, events: readonly RecordEntry[] = []): ShoppingRecord {
  const kinds: Readonly<Record<string, Omit<RecordedSecond, 'at'>>> = {
    o: { bought: { 'bookstore-v1': 10 }, proxies: { envoy: 10 } },
    i: { bought: { 'bookstore-v2': 10 }, proxies: { istio: 10 }, proven: 10 },
    d: { denied: 1, reasons: { '403': 1 } },
    f: { failed: 2, reasons: { 'connection refused': 2 } },
    '.': {}
  }
  const entries = [...seconds].flatMap((kind, second) => (kind === '_' ? [] : [{ at: at(second), ...kinds[kind] }]))
  return { app, entries: [...entries, ...events].sort((left, right) => left.at - right.at) }
}

function report(buyer: string, thief = 'd'.repeat(buyer.length)) {
  const range = { from: START, to: at(buyer.length) }
  return migrationReport(record('bookbuyer', buyer), record('bookthief', thief), range)
}

describe('outage', () => {
  test('is every second in which the buyer tried and could not buy, with what it met', () => {
    const { outage } = report('oooffdfiii')
    expect(outage.seconds).toBe(4)
    expect(outage.spells).toEqual([{ from: at(3), to: at(7), evidence: '6 × connection refused, 1 × 403' }])
  })

  test('is no pause between two tries, and is a longer silence', () => {
    expect(report('oo.oo.oo.oo').outage.seconds).toBe(0)
    expect(report('oo....oo').outage).toMatchObject({ seconds: 4, spells: [{ evidence: '4 s without any answer' }] })
    // a buyer that tries every third second is not silent in between
    expect(report('o..o..o..o..o').outage.seconds).toBe(0)
  })

  test('is not counted where there is no record, which is told', () => {
    const { outage, unobserved } = report('ooo____ooo')
    expect(outage.seconds).toBe(0)
    expect(unobserved.bookbuyer).toMatchObject({ seconds: 4, spells: [{ from: at(3), to: at(7) }] })
    expect(unobserved.bookthief.seconds).toBe(0)
  })
})

test('unenforced is every second in which the thief got in, from its first theft to its next denial', () => {
  const { unenforced } = report('oooooooooo', 'ddo.oo.dii')
  expect(unenforced.spells.map(({ from, to }) => [(from - START) / 1000, (to - START) / 1000])).toEqual([
    [2, 6],
    [8, 10]
  ])
  expect(unenforced.seconds).toBe(6)
})

test('the proxy, its change, identity and the split before and after', () => {
  const { proxies, unproven, before, after } = report('oooofffiiiii')
  expect(proxies.map(({ proxy, first, last }) => [proxy, (first - START) / 1000, (last - START) / 1000])).toEqual([
    ['envoy', 0, 4],
    ['istio', 7, 12]
  ])
  expect(unproven.seconds).toBe(4)
  expect(before.byVersion).toEqual({ 'bookstore-v1': 40 })
  expect(after.byVersion).toEqual({ 'bookstore-v2': 50 })
})

test('nothing happened: the split before is that of the whole time', () => {
  const { before, after, outage, unenforced } = report('iiii')
  expect([before.byVersion, after.byVersion]).toEqual([{ 'bookstore-v2': 40 }, { 'bookstore-v2': 40 }])
  expect([outage.seconds, unenforced.seconds]).toEqual([0, 0])
})

describe('the report', () => {
  const policy: RecordEntry = { at: at(2), event: 'policy', text: 'VirtualService <b>changed</b>' }
  const buyer = record('bookbuyer', 'oooffiii', [policy])
  const thief = record('bookthief', 'ddddoddd')
  const found = migrationReport(buyer, thief, { from: START, to: at(8) })

  test('as text says each number with its evidence and its bound', () => {
    const text = textReport(found)
    expect(text).toMatch(/^Outage +2 s in 1 stretch/m)
    expect(text).toMatch(/^Unenforced +1 s in 1 stretch/m)
    expect(text).toContain('14:00:03  14:00:05  4 × connection refused')
    expect(text).toContain('cannot see less than a second')
  })

  test('as HTML is one file that loads nothing, with the picture in it and nothing unescaped', () => {
    const page = migrationPage(found, buyer, thief)
    expect(page).toContain('<svg')
    expect(page).toContain('outage: 14:00:03 to 14:00:05')
    expect(page).not.toMatch(/<script|src=|href=|url\(|@import/)
    expect(page).not.toContain('<b>changed')
    expect(timelinePage(buyer, { from: START, to: at(8) })).toContain('<svg')
  })
})

test('CSV has a line for each second and no formula', () => {
  const odd: ShoppingRecord = { app: 'bookbuyer', entries: [{ at: START, bought: { '=1+1': 2 }, p50: 1.5 }] }
  expect(csvOf(odd)).toBe(
    "time,'=1+1,denied,failed,p50_ms,p95_ms,proxies,proven\r\n2026-11-25T14:00:00.000Z,2,0,0,1.5,,,0"
  )
})
