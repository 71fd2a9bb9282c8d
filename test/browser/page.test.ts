import { PROMISES, promiseTitle, whole } from '@bookstore/contract'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLES } from '../../packages/shopper/test-support/examples.ts'
import type { Example } from '../../packages/shopper/test-support/simulated-shopper.ts'
import { buyerExample } from '../../packages/shopper/test-support/snapshots.ts'
import { requireChromium } from '../../packages/testing/src/index.ts'
import { complaintsOf, startBrowser, type TestBrowser } from './chromium.ts'
import { servePage } from './page-server.ts'

const HOSTILE = '<img src=x onerror=alert(1)>'

describe.skipIf(!requireChromium())('the page', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.[Symbol.asyncDispose]())

  test('follows the shopper, and keeps what somebody is typing and where they are', async () => {
    await using server = await servePage(example('pending'))
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(server.url)
    await page.fill('#split', 'bookstore-v1=80')
    server.show(example('pass'))
    await page.getByRole('heading', { name: 'The mesh splits as declared' }).waitFor()
    const { bought } = example('pass').snapshot.counts
    expect(await page.textContent('#bought')).toBe(whole(bought))
    expect(await page.inputValue('#split')).toBe('bookstore-v1=80')
    expect(await focused(page)).toBe('split')
  })

  test('tells a screen reader a new verdict once, and nothing as long as it stays', async () => {
    await using server = await servePage(example('pending'))
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(server.url)
    await page.getByText('Live', { exact: true }).waitFor()
    server.show(example('no store'))
    await page.getByRole('heading', { name: 'No bookstore answers' }).waitFor()
    expect(await page.textContent('#announcer')).toBe('No bookstore answers')
    const others = await page.locator('main [aria-live], main [role=status]:not(#notice)').count()
    expect(others).toBe(0)
  })

  test('shows hostile names as text, in the first page and in what follows', async () => {
    const hostile = buyerExample({ counts: { [HOSTILE]: 3 }, env: { IDENTITY: HOSTILE } })
    await using server = await servePage(hostile)
    await using context = await browser.open()
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(server.url)
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.locator('#versions').textContent()).toContain(HOSTILE)
    expect(await page.locator('main img').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('sends the burst without leaving, and says why one cannot start', async () => {
    await using server = await servePage(example('pending'))
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(server.url)
    await page.fill('[name=purchases]', '300')
    await page.getByRole('button', { name: 'Buy in a burst' }).click()
    await page.getByText('The burst is on its way.').waitFor()
    server.allowBurst(false)
    await page.getByRole('button', { name: 'Buy in a burst' }).click()
    await page.getByText('a burst is running: 7 of 2000').waitFor()
    await page.getByRole('button', { name: 'Reset the counts' }).click()
    await page.getByText('The counts are zero again.').waitFor()
    await page.fill('#split', 'v1=25,v2=75')
    await page.press('#split', 'Enter')
    await page.getByText('Declared.').waitFor()
    expect(server.asked).toEqual([
      'burst 300 16',
      'burst 300 16',
      'reset',
      'declare {"bookstore-v1":0.25,"bookstore-v2":0.75}'
    ])
  })

  test('tells beside the field what became of a declaration, and takes it back', async () => {
    const { snapshot, ...rest } = example('pass')
    const source = { kind: 'page', detail: 'PUT /api/declared' } as const
    await using server = await servePage({
      ...rest,
      snapshot: { ...snapshot, declared: { ...snapshot.declared, source } }
    })
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(server.url)
    const said = page.locator('form.declare output')
    await page.fill('#split', 'v1=lots')
    await page.press('#split', 'Enter')
    await expect.poll(() => said.textContent()).toContain('expected a weight such as 50')
    expect(await page.getAttribute('#split', 'aria-invalid')).toBe('true')
    await page.fill('#split', 'v1=25,v2=75')
    await page.press('#split', 'Enter')
    await expect.poll(() => said.textContent()).toBe('Declared. A new window begins.')
    expect(await page.getAttribute('#split', 'aria-invalid')).toBe('false')
    await page.locator('form.back button').click()
    await page.getByText('Taken back. A new window begins.').waitFor()
    expect(server.asked).toEqual(['declare {"bookstore-v1":0.25,"bookstore-v2":0.75}', 'declare null'])
  })

  test('eight tabs of one browser all follow, though it opens six connections to a server', async () => {
    await using server = await servePage(example('pending'))
    await using context = await browser.open()
    const tabs = await Promise.all(Array.from({ length: 8 }, () => context.newPage()))
    for (const tab of tabs) await tab.goto(server.url)
    server.show(example('pass'))
    for (const tab of tabs) await tab.getByRole('heading', { name: 'The mesh splits as declared' }).waitFor()
  })

  test('who finds no place at the stream is told so, and looks by itself', async () => {
    await using server = await servePage(example('pending'), { maxListeners: 0 })
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(server.url)
    await page.getByText('Too many watch: new every 5 s').waitFor()
    server.show(example('pass'))
    await page.getByRole('heading', { name: 'The mesh splits as declared' }).waitFor()
  })

  test('nothing jumps from a reset through a burst to the verdict', async () => {
    await using server = await servePage(example('fail'))
    await using context = await browser.open({ viewport: { width: 1280, height: 720 } })
    const page = await context.newPage()
    await page.addInitScript(`window.shifts = []
      new PerformanceObserver(list => shifts.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true })`)
    await page.goto(server.url)
    server.show(example('empty'))
    await page.getByRole('heading', { name: 'Opening the shop' }).waitFor()
    await page.evaluate('shifts.length = 0')
    for (const name of ['pending', 'settling', 'pass']) {
      server.show(example(name))
      await page.getByRole('heading', { name: example(name).snapshot.headline.title }).waitFor()
    }
    expect(await page.evaluate('shifts.reduce((sum, { value }) => sum + value, 0)')).toBeLessThan(0.02)
  })

  test('a fail offers a fresh window, and says how likely chance is', async () => {
    await using server = await servePage(example('fail'))
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(server.url)
    expect(await page.textContent('.confirm')).toContain('Chance alone does this in at most 1 of a billion windows')
    await page.getByRole('button', { name: 'Confirm with a fresh window' }).click()
    await page.getByText('A fresh window begins, with a burst.').waitFor()
    expect(server.asked).toEqual(['confirm'])
  })

  test('what could not be sent is said, and taken back when the connection is there again', async () => {
    await using server = await servePage(example('pending'))
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(server.url)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.route('**/api/burst', route => route.abort())
    await page.getByRole('button', { name: 'Buy in a burst' }).click()
    await page.getByText('Not sent: there is no connection.').waitFor()
    await page.getByText('Not sent: there is no connection.').waitFor({ state: 'detached' })
  })

  test('goes by keyboard in reading order, with a visible focus', async () => {
    await using server = await servePage(example('pass'))
    await using context = await browser.open()
    const page = await context.newPage()
    await page.goto(server.url)
    const order: string[] = []
    for (let step = 0; step < 9 + PROMISES.length; step++) {
      await page.keyboard.press('Tab')
      order.push(await focused(page))
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')).toBe('3px')
    }
    expect(order).toEqual([
      'Skip to the verdict',
      'Stage',
      'purchases',
      'concurrency',
      'Buy in a burst',
      'Reset the counts',
      'split',
      'Declare',
      ...PROMISES.map(name => expect.stringMatching(new RegExp(`^${promiseTitle(name)}`))),
      'By store (2)'
    ])
  })

  test('works without JavaScript: reloads itself, and its forms are plain forms', async () => {
    await using server = await servePage(example('pass'))
    await using context = await browser.open({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(server.url)
    expect(await page.textContent('#booksBought')).toBe(String(example('pass').snapshot.counts.bought))
    server.show(example('fail'))
    await page.getByRole('heading', { name: 'The mesh does not split as declared' }).waitFor()
    await page.getByRole('link', { name: 'Stop that, to fill in a form' }).click()
    await page.waitForURL('**/?reload=off')
    expect(await page.textContent('header')).toContain('This page stands still.')
    expect(await page.locator('meta[http-equiv]').count()).toBe(0)
    await page.fill('#split', 'v1=90,v2=10')
    await page.getByRole('button', { name: 'Declare' }).click()
    await page.waitForURL(`${server.url}/`)
    server.allowBurst(false)
    await page.getByRole('button', { name: 'Buy in a burst' }).click()
    await page.getByText('a burst is running: 7 of 2000').waitFor()
    expect(server.asked).toEqual(['declare {"bookstore-v1":0.9,"bookstore-v2":0.1}', 'burst 5000 16'])
  })

  test('a reset without JavaScript happens once, however often the page reloads', async () => {
    await using server = await servePage(example('pass'))
    await using context = await browser.open({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${server.url}/?reload=off`)
    await page.getByRole('button', { name: 'Reset the counts' }).click()
    await page.waitForURL(`${server.url}/`)
    expect(server.asked).toEqual(['reset'])
  })
})

function example(name: string): Example {
  const found = EXAMPLES[name]
  if (!found) throw new Error(`expected an example "${name}"`)
  return found
}

// what a person would call it: its name in the form, or its text
function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.name || document.activeElement.textContent.trim()')
}
