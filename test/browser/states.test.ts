import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLES } from '../../packages/shopper/test-support/examples.ts'
import { requireChromium } from '../../packages/testing/src/index.ts'
import { axeViolations } from './axe.ts'
import { complaintsOf, startBrowser, type TestBrowser } from './chromium.ts'
import { type PageServer, servePage } from './page-server.ts'

describe.skipIf(!requireChromium())('the page in every state', () => {
  let browser: TestBrowser
  let buyer: PageServer
  let thief: PageServer
  let page: Page
  let complaints: readonly string[]

  beforeAll(async () => {
    browser = await startBrowser()
    page = await (await browser.open()).newPage()
    complaints = complaintsOf(page)
    buyer = await servePage(EXAMPLES['empty'] ?? never())
    thief = await servePage(EXAMPLES['thief denied'] ?? never())
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await buyer?.[Symbol.asyncDispose]()
    await thief?.[Symbol.asyncDispose]()
  })

  test.each(Object.entries(EXAMPLES))(
    '%s: axe finds no violation, nothing is blocked, and a phone needs no sideways scrolling',
    async (name, example) => {
      const server = example.snapshot.app === 'bookthief' ? thief : buyer
      server.show(example)
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(server.url)
      const title = example.snapshot.app === 'bookthief' ? 'Book Thief' : 'Bookbuyer'
      expect(await page.title()).toContain(title)
      expect(await page.textContent('#verdict-title')).toBe(example.snapshot.headline.title)
      expect(await axeViolations(page)).toEqual([])
      if (SHOWN_IN_DARK.includes(name)) {
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await axeViolations(page, ['color-contrast'])).toEqual([])
      }
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await sidewaysOverflow(page)).toBe(0)
      expect(complaints).toEqual([])
    }
  )
})

// together they have every colour of the page
const SHOWN_IN_DARK = ['pending', 'pass', 'denied', 'no store', 'long texts']

function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
}

function never(): never {
  throw new Error('expected the example to be there')
}
