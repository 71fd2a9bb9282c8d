import type { RecordedSecond, ShoppingRecord } from '@bookstore/contract'
import { expect, test } from 'vitest'
import { migrationPage, timelinePage } from '../../apps/cli/src/migration/page.ts'
import { migrationReport } from '../../apps/cli/src/migration/report.ts'
import { axeViolations } from './axe.ts'
import { complaintsOf, startBrowser } from './chromium.ts'

const START = Date.UTC(2026, 10, 25, 14)
const KINDS: Readonly<Record<string, Omit<RecordedSecond, 'at'>>> = {
  o: { bought: { 'bookstore-v1': 5, 'bookstore-v2': 5 }, proxies: { envoy: 10 } },
  n: { bought: { 'bookstore-v1': 5, 'bookstore-v2': 5 }, proxies: { none: 10 } },
  i: { bought: { 'bookstore-v1': 4, 'bookstore-v2': 6 }, proxies: { istio: 10 }, proven: 10 },
  f: { failed: 2, reasons: { 'connection refused': 2 } },
  d: { denied: 1, reasons: { '403 RBAC: access denied': 1 } }
}

/** A move of two minutes in which everything that is reported happens. */
function record(app: ShoppingRecord['app'], seconds: string): ShoppingRecord {
  const entries = [...seconds].map((kind, second) => ({ at: START + second * 1000, ...KINDS[kind] }))
  return { app, entries: [...entries, { at: START + 70_000, event: 'policy', text: 'VirtualService bookstore/split' }] }
}

const range = { from: START, to: START + 120_000 }
const buyer = record('bookbuyer', `${'o'.repeat(40)}${'f'.repeat(5)}${'n'.repeat(25)}${'i'.repeat(50)}`)
const thief = record('bookthief', `${'d'.repeat(45)}${'n'.repeat(35)}${'d'.repeat(40)}`)
const pages = {
  migration: migrationPage(migrationReport(buyer, thief, range), buyer, thief),
  timeline: timelinePage(buyer, range)
}

test.each(['light', 'dark'] as const)(
  'both reports are read by everybody, %s, narrow and printed',
  async colorScheme => {
    await using browser = await startBrowser()
    const context = await browser.open({ colorScheme, viewport: { width: 390, height: 800 } })
    for (const [name, content] of Object.entries(pages)) {
      const page = await context.newPage()
      const complaints = complaintsOf(page)
      await page.setContent(content)
      expect(await axeViolations(page), name).toEqual([])
      const width = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth'
      expect(await page.evaluate(width), `${name} is no wider than a phone`).toBe(true)
      await page.emulateMedia({ media: 'print' })
      const ink =
        "getComputedStyle(document.body).color + ' on ' + getComputedStyle(document.documentElement).colorScheme"
      expect(await page.evaluate(ink), `${name} on paper`).toBe('rgb(0, 0, 0) on light')
      expect(complaints).toEqual([])
      await page.close()
    }
  }
)
