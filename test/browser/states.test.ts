import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLE_NAMES, type ExampleName, exampleOf } from '../../packages/shopper/test-support/examples.ts'
import type { Example } from '../../packages/shopper/test-support/simulated-shopper.ts'
import { requireChromium } from '../../packages/testing/src/index.ts'
import { axeViolations } from './axe.ts'
import { boxFaults, smallTexts } from './boxes.ts'
import { complaintsOf, startBrowser, type TestBrowser } from './chromium.ts'
import { type PageServer, servePage } from './page-server.ts'

/** Sizes of the page: a laptop, a projector, a phone, and a window of 1280 × 720 at 200 % zoom. */
const SIZES = [
  { width: 1280, height: 900 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
  { width: 640, height: 360 }
]
const PROJECTORS = [
  { width: 1920, height: 1080, least: 42 },
  { width: 1280, height: 720, least: 28 }
]
const PAPER = { width: 794, height: 1123 }

// one page and one load for each state; sizes and media change in place, because that costs next to nothing
describe.skipIf(!requireChromium())('the page in every state', () => {
  let browser: TestBrowser
  let servers: Readonly<Record<Example['snapshot']['app'], PageServer>>
  let page: Page
  let plain: Page
  let bare: Page
  let withheld = 0
  let complaints: readonly string[]

  beforeAll(async () => {
    browser = await startBrowser()
    page = await (await browser.open()).newPage()
    plain = await (await browser.open({ javaScriptEnabled: false, viewport: SIZES[2] ?? null })).newPage()
    // axe is a script too: it looks at a page whose own scripts never came
    bare = await (await browser.open({ viewport: SIZES[2] ?? null })).newPage()
    await bare.route('**/*.js*', route => {
      withheld += 1
      return route.abort()
    })
    complaints = complaintsOf(page)
    servers = { bookbuyer: await servePage(exampleOf('empty')), bookthief: await servePage(exampleOf('thief denied')) }
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await servers?.bookbuyer[Symbol.asyncDispose]()
    await servers?.bookthief[Symbol.asyncDispose]()
  })

  test.each(EXAMPLE_NAMES)('%s', async name => {
    const { snapshot, ...rest } = exampleOf(name)
    const { app, headline } = snapshot
    const server = servers[app]
    server.show({ snapshot, ...rest })
    await page.setViewportSize(SIZES[0] ?? PAPER)
    await page.goto(server.url)
    expect(await page.title()).toContain(app === 'bookthief' ? 'Book Thief' : 'Bookbuyer')
    const hasAllColours = IS_THOROUGH || EVERY_COLOUR.includes(name)
    expect(await axeViolations(page, hasAllColours ? 'all' : 'all but contrast')).toEqual([])
    for (const size of SIZES) {
      await page.setViewportSize(size)
      if (IS_THOROUGH) expect(await axeViolations(page), `${size.width} px`).toEqual([])
      expect(await boxFaults(page), `${size.width} px`).toEqual([])
      expect(await seenWords(page)).toMatchObject({ title: headline.title, stamp: STAMPS[headline.status] })
    }
    await expectOtherMedia(page, name)
    await page.keyboard.press('p')
    for (const { least, ...size } of PROJECTORS) {
      await page.setViewportSize(size)
      await expectStage(page, least)
      if (IS_THOROUGH) expect(await axeViolations(page), `stage, ${size.width} px`).toEqual([])
    }
    if (hasAllColours) expect(await axeViolations(page, 'contrast')).toEqual([])
    await page.keyboard.press('p')

    await plain.goto(`${server.url}/?reload=off`)
    expect(await seenWords(plain)).toMatchObject({ title: headline.title, stamp: STAMPS[headline.status] })
    expect(await boxFaults(plain)).toEqual([])
    if (IS_THOROUGH) {
      const before = withheld
      await bare.goto(`${server.url}/?reload=off`)
      expect(withheld).toBeGreaterThan(before)
      expect(await axeViolations(bare), 'without JavaScript').toEqual([])
    }
    expect(complaints).toEqual([])
  })

  test.each(['pass', 'thief steals'] as const)(
    '%s on the stage: axe finds nothing, by all of its rules',
    async name => {
      const server = servers[exampleOf(name).snapshot.app]
      server.show(exampleOf(name))
      await page.goto(`${server.url}/?view=stage`)
      expect(await axeViolations(page)).toEqual([])
    }
  )
})

const STAMPS = { pass: 'Pass', fail: 'Fail', pending: 'Not yet sure', broken: 'Needs attention' } as const

async function expectOtherMedia(page: Page, name: ExampleName): Promise<void> {
  const { width, height } = SIZES[0] ?? PAPER
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ forcedColors: 'active' })
  expect(await boxFaults(page), 'forced colours').toEqual([])
  expect(await page.evaluate(SIGNS_STAND_OUT), 'forced colours').toEqual([])
  if (IS_THOROUGH) expect(await axeViolations(page, 'all but contrast'), 'forced colours').toEqual([])
  await page.emulateMedia({ forcedColors: 'none', media: 'print' })
  await page.setViewportSize(PAPER)
  expect(await boxFaults(page), 'print').toEqual([])
  expect(await page.evaluate(FOLDED_ON_PAPER), 'print').toEqual([])
  if (IS_THOROUGH) expect(await axeViolations(page), 'print').toEqual([])
  expect(await page.locator('.actions').isVisible()).toBe(false)
  await page.emulateMedia({ media: 'screen' })
  if (!IS_THOROUGH && !EVERY_COLOUR.includes(name)) return
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await axeViolations(page, 'contrast')).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

async function expectStage(page: Page, least: number): Promise<void> {
  expect(await page.evaluate(BEYOND_THE_SCREEN)).toEqual([])
  expect(await smallTexts(page, least)).toEqual([])
  expect(await boxFaults(page)).toEqual([])
}

function seenWords(page: Page): Promise<{ readonly title: string; readonly stamp: string }> {
  return page.evaluate(`Object.fromEntries(Object.entries({ title: '#verdict-title', stamp: '.stamp' }).map(
    ([name, selector]) => {
      const element = document.querySelector(selector)
      return [name, element.checkVisibility() ? element.textContent : '']
    }))`)
}

// in CI axe looks at every state in every size and medium; on a person's machine it looks where something differs
const IS_THOROUGH = process.env['CI'] === 'true'

// together they have every colour of page and stage, which is dear to look at
const EVERY_COLOUR: readonly ExampleName[] = [
  'pending',
  'pass',
  'fail',
  'denied',
  'no store',
  'long texts',
  'silent version',
  'proven',
  'thief steals'
]

// parts of the stage that do not fit the screen, or are not there, and the page when it can be scrolled
const BEYOND_THE_SCREEN = `['verdict', 'topology', 'shelf']
  .map(id => document.getElementById(id))
  .concat([...document.querySelectorAll('main > section')].filter(section => section.checkVisibility()))
  .filter(part => !part.checkVisibility() || part.getBoundingClientRect().bottom > innerHeight + 1)
  .map(part => part.id)
  .concat(document.documentElement.scrollHeight > innerHeight ? 'page' : [])`

// with the colours of a person's own, the hourglass is still seen on its ground, and the bar on its track
const SIGNS_STAND_OUT = `[...document.querySelectorAll('.spine .icon, progress')]
  .filter(sign => sign.checkVisibility())
  .filter(sign => {
    const ground = getComputedStyle(sign.closest('.spine') ?? sign).backgroundColor
    const { width, height } = sign.getBoundingClientRect()
    const colour = sign.matches('progress') ? getComputedStyle(sign).borderColor : getComputedStyle(sign).fill
    return width < 10 || height < 5 || colour === ground
  })
  .map(sign => sign.outerHTML.slice(0, 80))`

// what is folded away cannot be opened on paper
const FOLDED_ON_PAPER = `[...document.querySelectorAll('main details')]
  .filter(details => details.checkVisibility() && details.lastElementChild.getBoundingClientRect().height === 0)
  .map(details => details.textContent.slice(0, 40))`
