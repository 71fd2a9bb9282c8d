import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ExampleName, exampleOf } from '../../packages/shopper/test-support/examples.ts'
import type { Example } from '../../packages/shopper/test-support/simulated-shopper.ts'
import { requireChromium } from '../../packages/testing/src/index.ts'
import { startBrowser, type TestBrowser } from './chromium.ts'
import { type PageServer, servePage } from './page-server.ts'

type SeenRequest = Example['picture']['requests'][number]

const SEEN_BEFORE: SeenRequest = { n: 1, at: 500, kind: 'bought', version: 'bookstore-v1' }

// an event comes every second
const PATIENTLY = { timeout: 15_000 }

// where the picture has its door and the left edge of its stores
const DOOR = 330
const STORES = 520

describe.skipIf(!requireChromium())('the stage', { timeout: 60_000 }, () => {
  let browser: TestBrowser
  let server: PageServer
  let page: Page
  beforeAll(async () => {
    browser = await startBrowser()
    server = await servePage(exampleOf('pass'))
    page = await (await browser.open({ viewport: { width: 1280, height: 720 } })).newPage()
    await page.addInitScript(WATCH_DOTS)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    server.show({ ...exampleOf('pass'), picture: { ...exampleOf('pass').picture, requests: [] } })
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await page.goto(`${server.url}/?view=stage`)
    await expect.poll(() => page.title(), PATIENTLY).toMatch(/ · Bookbuyer/)
  })

  /** Goes on to a state in which these requests were the newest, and gives the dots that were drawn for them. */
  async function dotsOf(name: ExampleName, requests: readonly Omit<SeenRequest, 'n' | 'at'>[]) {
    const shown = exampleOf(name)
    const numbered = requests.map((one, index) => ({ ...one, n: index + 2, at: 1000 + index * 50 }))
    await showRequests(shown, [SEEN_BEFORE])
    await showRequests(shown, [SEEN_BEFORE, ...numbered])
    await expect.poll(() => page.evaluate('watched.ended'), PATIENTLY).toBe(requests.length)
    return (await page.evaluate('watched.ways')) as { look: string; x: number[] }[]
  }

  async function showRequests({ picture, ...rest }: Example, requests: readonly SeenRequest[]) {
    const at = server.show({ ...rest, picture: { ...picture, requests } })
    // an event of the state before can still be on its way
    await page.waitForSelector(`html[data-at="${at}"]`)
  }

  test('has a dot for each request that was really sent, and for no other: coloured by version, to its store', async () => {
    const ways = await dotsOf('pass', [
      { kind: 'bought', version: 'bookstore-v1' },
      { kind: 'bought', version: 'bookstore-v2' },
      { kind: 'bought', version: 'bookstore-v2' }
    ])
    expect(ways.map(({ look }) => look)).toEqual(['dot look-0', 'dot look-1', 'dot look-1'])
    for (const { x } of ways) expect(Math.max(...x)).toBeGreaterThan(STORES - 60)
    expect(await page.locator('#dots circle').count()).toBe(0)
  })

  test('a denied request bounces off the closed door, which carries the name of the policy', async () => {
    const [denied] = await dotsOf('denied as declared', [{ kind: 'denied' }])
    expect(denied?.look).toBe('dot look-denied')
    expect(Math.max(...(denied?.x ?? []))).toBeLessThan(DOOR)
    expect(denied?.x.at(-1)).toBeLessThan(DOOR - 40)
    const door = page.locator('.door.closed')
    expect(await door.locator('text').allTextContents()).toEqual(['MeshConfig', 'osm-mesh-config'])
    server.show(exampleOf('pass'))
    await page.locator('.door.open').waitFor()
    expect(await page.locator('.door text').allTextContents()).toEqual(['mesh: open'])
  })

  test('a failed request dies before a store', async () => {
    const [failed] = await dotsOf('no store', [{ kind: 'failed' }])
    expect(failed?.look).toBe('dot look-failed')
    const reach = Math.max(...(failed?.x ?? []))
    expect(reach).toBeGreaterThan(DOOR)
    expect(reach).toBeLessThan(STORES)
  })

  test('a version that has gone silent is grey, says for how long, and the verdict is not green', async () => {
    server.show(exampleOf('silent version'))
    const silent = page.locator('.store.silent')
    await silent.waitFor()
    expect(await silent.textContent()).toMatch(/v2 silent for 2\d s/)
    expect(await page.title()).toMatch(/^! Needs attention/)
    expect(await page.getAttribute('link[rel=icon]', 'href')).toContain(encodeURIComponent('>!<'))
    const fills = await page.evaluate(
      `['.silent rect', '.store:not(.silent) rect'].map(selector => getComputedStyle(document.querySelector(selector)).fill)`
    )
    expect(new Set(fills as string[]).size).toBe(2)
  })

  test('who wants no motion sees arrows and no dots; who sees no picture has a table', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const shown = exampleOf('pass')
    await showRequests(shown, [SEEN_BEFORE])
    await showRequests(shown, [SEEN_BEFORE, { ...SEEN_BEFORE, n: 2, at: 600 }])
    expect(await page.evaluate('watched.begun')).toBe(0)
    const arrows = page.locator('.topology .edge[marker-end]')
    expect(await arrows.count()).toBeGreaterThan(4)
    const rows = await page.getByRole('table', { name: 'The way of the books by version' }).getByRole('row').all()
    const cells = await Promise.all(rows.map(row => row.locator('th, td').allTextContents()))
    expect(cells[0]).toEqual(['Version', 'Declared', 'Seen', 'Bought in the last 10 s', 'Restocked'])
    expect(cells[1]?.slice(0, 3)).toEqual(['bookstore-v1', '50 %', expect.stringMatching(/^\d+ %$/)])
    expect(cells).toHaveLength(3)
  })

  test('what was done covers nothing of the picture, and a problem does', async () => {
    const seen = (kind: string) =>
      page.evaluate(`(() => {
        const notice = document.getElementById('notice')
        notice.dataset.kind = '${kind}'
        notice.textContent = 'Said.'
        const { left, top, width } = notice.getBoundingClientRect()
        return document.elementFromPoint(left + width / 2, top + 4) === notice
      })()`)
    expect(await seen('done')).toBe(false)
    expect(await seen('problem')).toBe(true)
  })

  test.each([
    { said: 'declared 100, seen 100 ± 0.2', declared: 1, share: 1, low: 0.998, high: 1 },
    { said: 'declared 90, seen 100 ± 63', declared: 0.9, share: 1, low: 0.37, high: 1 },
    { said: 'declared 50, seen 48 ± 0.4', declared: 0.5, share: 0.48, low: 0.476, high: 0.484 },
    { said: 'declared 50, seen 50 ± 22', declared: 0.5, share: 0.5, low: 0.28, high: 0.72 }
  ])('what is said of a store stays in its box: $said', async ({ said, ...seen }) => {
    const shown = exampleOf('pass')
    const versions = shown.snapshot.verdict.versions.map(version => ({ ...version, ...seen }))
    const verdict = { ...shown.snapshot.verdict, versions }
    const at = server.show({ ...shown, snapshot: { ...shown.snapshot, verdict } })
    await page.waitForSelector(`html[data-at="${at}"]`)
    expect(await page.locator('.store text').allTextContents()).toContain(said)
    const beyond = `[...document.querySelectorAll('.store')].flatMap(store => {
      const { right } = store.querySelector('rect').getBoundingClientRect()
      return [...store.querySelectorAll('text')].filter(text => text.getBoundingClientRect().right > right - 4)
    }).map(text => text.textContent)`
    expect(await page.evaluate(beyond)).toEqual([])
  })

  test('the funnel of before a reset stays beside that of now, each under its weights', async () => {
    server.show(exampleOf('after a reset'))
    const labels = page.locator('.funnel .window-track > text')
    await expect.poll(() => labels.allTextContents(), PATIENTLY).toEqual(['50/50 ✓', '50/50'])
    expect(await page.locator('.funnel .cone').count()).toBe(2)
    server.show(exampleOf('pass'))
    await expect.poll(() => labels.allTextContents(), PATIENTLY).toEqual(['90/10 ✓', '50/50 ✓'])
  })
})

// how far to the right each dot has been, written down while it moves
const WATCH_DOTS = `window.watched = { begun: 0, ended: 0, ways: [] }
  addEventListener('DOMContentLoaded', () => {
    const layer = document.getElementById('dots')
    if (layer === null) return
    new MutationObserver(changes => {
      for (const { addedNodes, removedNodes, target } of changes) {
        for (const dot of addedNodes) {
          watched.begun += 1
          dot.way = { look: dot.getAttribute('class'), x: [] }
          watched.ways.push(dot.way)
        }
        watched.ended += removedNodes.length
        const [, x] = /translate\\(([\\d.]+)/.exec(target.getAttribute('transform') ?? '') ?? []
        if (x !== undefined) target.way?.x.push(Number(x))
      }
    }).observe(layer, { childList: true, attributes: true, subtree: true, attributeFilter: ['transform'] })
  })`
