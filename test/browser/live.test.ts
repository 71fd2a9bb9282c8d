import type { Snapshot } from '@bookstore/contract'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApp, requireChromium, startApp, waitFor } from '../../packages/testing/src/index.ts'
import { axeViolations } from './axe.ts'
import { complaintsOf, startBrowser, type TestBrowser } from './chromium.ts'

describe.skipIf(!requireChromium())('the page of a running bookbuyer', () => {
  let browser: TestBrowser
  let store: RunningApp
  beforeAll(async () => {
    const starting = await Promise.all([startBrowser(), startStore()])
    browser = starting[0]
    store = starting[1]
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await store?.[Symbol.asyncDispose]()
  })

  test('has the numbers of /api/snapshot after a burst, and goes on after the server restarted', async () => {
    await using first = await startBuyer(store)
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(first.url)
    await page.fill('[name=purchases]', '300')
    await page.getByRole('button', { name: 'Buy in a burst' }).click()
    await page.getByText('burst: 300 of 300').waitFor()
    await expectSameNumbers(page, first)

    await first.stop()
    await page.getByText('Reconnecting…').waitFor()
    await using second = await startBuyer(store, first.port)
    await page.getByText('Live', { exact: true }).waitFor()
    expect((await snapshotOf(second)).counts.bought).toBeLessThan(300)
    await expectSameNumbers(page, second)
  })

  test('the pages of store and warehouse follow by themselves, and axe finds nothing', async () => {
    await using warehouse = await startApp({
      main: 'apps/bookwarehouse/src/main.ts',
      env: { DATABASE_URL: 'sqlite::memory:' }
    })
    await using context = await browser.open()
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(warehouse.url)
    await page.getByText('Total books: 0').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.evaluate('window.isSamePage = true')
    await fetch(`${warehouse.url}/restock-books`, { method: 'POST', body: '3' })
    await page.getByText('Total books: 3').waitFor()
    expect(await page.evaluate('window.isSamePage')).toBe(true)

    await page.goto(store.url)
    expect(await axeViolations(page)).toEqual([])
    const sold = Number((await page.textContent('.sold'))?.replace(/\D/g, ''))
    await fetch(`${store.url}/buy-a-book/new`)
    await page.getByText(`Books sold: ${sold + 1}`).waitFor()
    expect(complaints).toEqual([])
  })
})

// the first purchase comes at once and the next in a minute, so that the numbers stand still
function startBuyer(store: RunningApp, port = 0): Promise<RunningApp> {
  const env = {
    BOOKSTORE_URL: store.url,
    EXPECTED_SPLIT: 'bookstore-v1=100',
    CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '60',
    PORT: String(port)
  }
  return startApp({ main: 'apps/bookbuyer/src/main.ts', env })
}

function startStore(): Promise<RunningApp> {
  return startApp({ main: 'apps/bookstore/src/main.ts', env: { IDENTITY: 'bookstore-v1' } })
}

async function snapshotOf({ url }: RunningApp): Promise<Snapshot> {
  return (await (await fetch(`${url}/api/snapshot`)).json()) as Snapshot
}

async function expectSameNumbers(page: Page, app: RunningApp): Promise<void> {
  const { counts, verdict, headline } = await waitFor(
    async () => {
      const snapshot = await snapshotOf(app)
      return snapshot.counts.bought > 0 ? snapshot : undefined
    },
    { what: 'a first purchase' }
  )
  await expect.poll(() => page.textContent('#booksBought')).toBe(String(counts.bought))
  const shown = {
    title: await page.textContent('#verdict-title'),
    bought: await page.textContent('#bought'),
    denied: await page.textContent('#denied'),
    failed: await page.textContent('#failed'),
    v1: await page.textContent('#booksBoughtV1'),
    facts: await page.textContent('.version-facts')
  }
  expect(shown).toMatchObject({
    title: headline.title,
    bought: String(counts.bought),
    denied: String(counts.denied),
    failed: String(counts.failed),
    v1: String(counts.byVersion['bookstore-v1'])
  })
  expect(shown.facts).toContain(`${verdict.versions[0]?.count} bought`)
}
