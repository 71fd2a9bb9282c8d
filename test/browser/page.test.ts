import { whole } from '@bookstore/contract'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleOf } from '../../packages/shopper/test-support/examples.ts'
import { buyerExample } from '../../packages/shopper/test-support/snapshots.ts'
import { requireChromium } from '../../packages/testing/src/index.ts'
import { complaintsOf, startBrowser, type TestBrowser } from './chromium.ts'
import { servePage } from './page-server.ts'

const WEIGHTS = (inputs: unknown[]) => inputs.map(input => (input as { readonly value: string }).value)
const HOSTILE = '<img src=x onerror=alert(1)>'

describe.skipIf(!requireChromium())('the page', () => {
  let browser: TestBrowser
  // of all tests that ask for no settings of their own
  let page: Page
  beforeAll(async () => {
    browser = await startBrowser()
    page = await (await browser.open()).newPage()
  })
  afterAll(() => browser?.[Symbol.asyncDispose]())

  test('follows the shopper, and keeps what somebody is typing and where they are', async () => {
    await using server = await servePage(exampleOf('pending'))
    await page.goto(server.url)
    await page.fill('#split', 'bookstore-v1=80')
    server.show(exampleOf('pass'))
    await page.getByRole('heading', { name: 'The mesh splits as declared' }).waitFor()
    const { bought } = exampleOf('pass').snapshot.counts
    expect(await page.textContent('#bought')).toBe(whole(bought))
    expect(await page.inputValue('#split')).toBe('bookstore-v1=80')
    expect(await focused(page)).toBe('split')
  })

  test('tells a screen reader a new verdict once, and nothing as long as it stays', async () => {
    await using server = await servePage(exampleOf('pending'))
    await page.goto(server.url)
    await page.getByText('Live', { exact: true }).waitFor()
    server.show(exampleOf('no store'))
    await page.getByRole('heading', { name: 'No bookstore answers' }).waitFor()
    expect(await page.textContent('#announcer')).toBe('No bookstore answers')
    const others = await page.locator('main [aria-live], main [role=status]:not(#notice)').count()
    expect(others).toBe(0)
  })

  test('shows hostile names as text, in the first page and in what follows', async () => {
    const hostile = buyerExample({ counts: { [HOSTILE]: 3 }, env: { IDENTITY: HOSTILE } })
    await using server = await servePage(hostile)
    const complaints = complaintsOf(page)
    await page.goto(server.url)
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.locator('#versions').textContent()).toContain(HOSTILE)
    expect(await page.locator('main img').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('sends the burst without leaving, and says why one cannot start', async () => {
    await using server = await servePage(exampleOf('pending'))
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
    const { snapshot, ...rest } = exampleOf('pass')
    const source = { kind: 'page', detail: 'PUT /api/declared' } as const
    await using server = await servePage({
      ...rest,
      snapshot: { ...snapshot, declared: { ...snapshot.declared, source } }
    })
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
    await using server = await servePage(exampleOf('pending'))
    await using context = await browser.open()
    const tabs = await Promise.all(Array.from({ length: 8 }, () => context.newPage()))
    for (const tab of tabs) await tab.goto(server.url)
    server.show(exampleOf('pass'))
    for (const tab of tabs) await tab.getByRole('heading', { name: 'The mesh splits as declared' }).waitFor()
  })

  test('who finds no place at the stream is told so, and looks by itself', async () => {
    await using server = await servePage(exampleOf('pending'), { maxListeners: 0 })
    await page.goto(server.url)
    await page.getByText('Too many watch: new every 5 s').waitFor()
    server.show(exampleOf('pass'))
    await page.getByRole('heading', { name: 'The mesh splits as declared' }).waitFor()
  })

  test.each(['', '?view=stage'])('nothing jumps from a reset through a burst to the verdict (/%s)', async query => {
    await using server = await servePage(exampleOf('fail'))
    await using context = await browser.open({ viewport: { width: 1280, height: 720 } })
    const page = await context.newPage()
    await page.addInitScript(`window.shifts = []
      new PerformanceObserver(list => shifts.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true })`)
    await page.goto(`${server.url}/${query}`)
    server.show(exampleOf('empty'))
    await page.getByRole('heading', { name: 'Opening the shop' }).waitFor()
    await page.evaluate('shifts.length = 0')
    for (const name of ['pending', 'settling', 'pass'] as const) {
      server.show(exampleOf(name))
      await page.getByRole('heading', { name: exampleOf(name).snapshot.headline.title }).waitFor()
    }
    expect(await page.evaluate('shifts.reduce((sum, { value }) => sum + value, 0)')).toBeLessThan(0.02)
  })

  test('a fail offers a fresh window, and says how likely chance is', async () => {
    await using server = await servePage(exampleOf('fail'))
    await page.goto(server.url)
    expect(await page.textContent('.confirm')).toContain('Chance alone does this in at most 1 of a billion windows')
    await page.getByRole('button', { name: 'Confirm with a fresh window' }).click()
    await page.getByText('A fresh window begins, with a burst.').waitFor()
    expect(server.asked).toEqual(['confirm'])
  })

  test('what could not be sent is said, and taken back when the connection is there again', async () => {
    await using server = await servePage(exampleOf('pending'))
    await page.goto(server.url)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.route('**/api/burst', route => route.abort())
    await page.getByRole('button', { name: 'Buy in a burst' }).click()
    await page.getByText('Not sent: there is no connection.').waitFor()
    await page.getByText('Not sent: there is no connection.').waitFor({ state: 'detached' })
    await page.unroute('**/api/burst')
  })

  test('goes by keyboard in reading order, with a visible focus', async () => {
    await using server = await servePage(exampleOf('pass'))
    await page.goto(server.url)
    const order: string[] = []
    for (let step = 0; step < 23; step++) {
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
      'Everybody may',
      'Close the door',
      'Let the buyer in',
      'Split 50/50',
      'Split 90/10',
      'Split 0/100',
      'Let the thief in',
      'bookstore-v1, as a slider',
      'weight:bookstore-v1',
      'bookstore-v2, as a slider',
      'weight:bookstore-v2',
      'Apply to the mesh',
      'Only expect',
      'Policies in force',
      'split',
      'Declare',
      'load balancing declared, not yet proven'
    ])
  })

  test('the lesson applies steps and weights, and tells apart what is only expected', async () => {
    await using server = await servePage(exampleOf('pass'))
    await page.goto(server.url)
    const lesson = page.getByRole('region', { name: 'The lesson' })
    expect(await lesson.locator('.held').allTextContents()).toEqual(['Everybody may in force', 'Split 50/50 in force'])
    expect(await lesson.locator('.diff li').allTextContents()).toEqual([
      '− removed: bookstore goes to bookstore-v1 90 %, bookstore-v2 10 % (TrafficSplit bookstore/bookstore-split).',
      '+ added: bookstore goes to bookstore-v1 50 %, bookstore-v2 50 % (TrafficSplit bookstore/bookstore-split).'
    ])
    await lesson.getByRole('button', { name: 'Split 90/10' }).click()
    await page.getByText('Applied: step split-90-10.').waitFor()
    await lesson.getByRole('slider', { name: 'bookstore-v1' }).fill('70')
    expect(await lesson.getByRole('spinbutton', { name: 'bookstore-v2' }).inputValue()).toBe('30')
    await lesson.getByRole('button', { name: 'Apply to the mesh' }).click()
    await lesson.getByText('Applied: weights').waitFor()
    await lesson.getByRole('button', { name: 'Only expect' }).click()
    await lesson.getByText('Declared. A new window begins.').waitFor()
    const weights = '{"bookstore-v1":0.7,"bookstore-v2":0.3}'
    expect(server.asked).toEqual(['step split-90-10', `weights ${weights}`, `declare ${weights}`])
  })

  test('weights follow what is declared, but for those that somebody has moved and not sent', async () => {
    const shown = exampleOf('pass')
    await using server = await servePage(shown)
    await page.goto(server.url)
    const weights = () => page.locator('.weights-form input').evaluateAll(WEIGHTS)
    const declare = async (v1: number) => {
      const split = { 'bookstore-v1': v1, 'bookstore-v2': 1 - v1 }
      const declared = { ...shown.snapshot.declared, split }
      const at = server.show({ ...shown, snapshot: { ...shown.snapshot, declared } })
      await page.waitForSelector(`html[data-at="${at}"]`)
    }
    await declare(0.9)
    expect(await weights()).toEqual(['90', '90', '10', '10'])
    await page.getByRole('slider', { name: 'bookstore-v1' }).fill('70')
    await declare(0.2)
    expect(await weights()).toEqual(['70', '70', '30', '30'])
    await page.getByRole('button', { name: 'Apply to the mesh' }).click()
    await page.getByText('Applied: weights').waitFor()
    expect(await weights()).toEqual(['70', '70', '30', '30'])
    await declare(0)
    expect(await weights()).toEqual(['0', '0', '100', '100'])
  })

  test('in a cluster the lesson shows the commands, and which policies are seen in force', async () => {
    await using server = await servePage(exampleOf('lesson in a cluster'))
    await page.goto(server.url)
    const step = page.getByRole('listitem').filter({ hasText: 'Split 90/10' })
    expect(await step.textContent()).toContain('in force')
    await step.getByText('Split 90/10').click()
    await step.getByText('kubectl apply -f deploy/policies/split-90-10.yaml').waitFor()
    expect(await page.getByRole('listitem').filter({ hasText: 'Split 50/50' }).textContent()).toContain(
      'not seen in force'
    )
    await page.getByRole('button', { name: 'Apply to the mesh' }).click()
    await page.getByText('Enter this: do weights').waitFor()
  })

  test('works without JavaScript: its lesson is plain forms, and says the command where it cannot apply', async () => {
    await using server = await servePage(exampleOf('pass'))
    await using context = await browser.open({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${server.url}/?reload=off`)
    await page.getByRole('button', { name: 'Split 90/10' }).click()
    await page.waitForURL(`${server.url}/`)
    await page.goto(`${server.url}/?reload=off`)
    await page.getByRole('spinbutton', { name: 'bookstore-v1' }).fill('70')
    server.show(exampleOf('lesson in a cluster'))
    await page.getByRole('button', { name: 'Apply to the mesh' }).click()
    await page.getByText('Enter this: do weights').waitFor()
    expect(server.asked).toEqual([
      'step split-90-10',
      'weights {"bookstore-v1":0.5833333333333334,"bookstore-v2":0.4166666666666667}'
    ])
  })

  test('works without JavaScript: reloads itself, and its forms are plain forms', async () => {
    await using server = await servePage(exampleOf('pass'))
    await using context = await browser.open({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(server.url)
    expect(await page.textContent('#booksBought')).toBe(String(exampleOf('pass').snapshot.counts.bought))
    server.show(exampleOf('fail'))
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
    await using server = await servePage(exampleOf('pass'))
    await using context = await browser.open({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${server.url}/?reload=off`)
    await page.getByRole('button', { name: 'Reset the counts' }).click()
    await page.waitForURL(`${server.url}/`)
    expect(server.asked).toEqual(['reset'])
  })
})

// what a person would call it: its name in the form, or its text
function focused(page: Page): Promise<string> {
  return page.evaluate(`(({ type, name, ariaLabel, textContent }) =>
    ariaLabel ?? (type === 'submit' ? textContent : name || textContent).trim())(document.activeElement)`)
}
