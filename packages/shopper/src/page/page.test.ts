import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { EXAMPLE_NAMES, exampleOf } from '../../test-support/examples.ts'
import type { Example } from '../../test-support/simulated-shopper.ts'
import { buyerExample, thiefExample } from '../../test-support/snapshots.ts'
import { loadPageAssets } from './assets.ts'
import { contentSecurityPolicy } from './headers.ts'
import { type PageOptions, renderPage } from './page.ts'
import { liveEvent, renderSections } from './sections.ts'

const HOSTILE = `"><script>alert('x')</script>`

describe('the whole page', () => {
  test('has the titles and totals of the original', () => {
    const buyer = render(buyerExample({ counts: { 'bookstore-v1': 12345, 'bookstore-v10': 5 } }))
    expect(buyer).toContain('<title>Bookbuyer</title>')
    expect(buyer).toContain('Total books bought: <strong id="booksBought">12350</strong>')
    expect(buyer).toContain('from bookstore V1: <strong id="booksBoughtV1">12345</strong>')
    const thief = render(thiefExample({ denied: 3, stolen: 2 }))
    expect(thief).toContain('<title>Book Thief</title>')
    expect(thief).toContain('Total books stolen: <strong id="booksStolen">2</strong>')
  })

  test('reloads itself to / without JavaScript, unless somebody fills in a form', () => {
    const example = buyerExample()
    expect(render(example)).toContain('<meta http-equiv="refresh" content="2; url=./">')
    expect(render(example, { reload: false })).not.toContain('http-equiv="refresh"')
  })

  test('shows a notice, escaped', () => {
    const page = render(buyerExample(), { notice: { kind: 'problem', text: HOSTILE } })
    expect(page).toContain('data-kind="problem"')
    expect(page).not.toContain(HOSTILE)
  })

  test.each(EXAMPLE_NAMES)('%s: has all that changes, and no inline style or script', name => {
    const example = exampleOf(name)
    const page = render(example)
    const sections = renderSections(example)
    const isThief = example.snapshot.app === 'bookthief'
    for (const [id, markup] of Object.entries(sections)) {
      const isThere = !(isThief && ['declared', 'windows', 'funnel', 'promises', 'lesson', 'weights'].includes(id))
      expect(page.includes(`id="${id}"`), id).toBe(isThere)
      if (isThere) expect(page.includes(markup), id).toBe(true)
    }
    expect(page).not.toMatch(/ style=|<style|<script>| on[a-z]+=|undefined|NaN|\[object/)
  })

  test('while it counts, it names one goal that stands still, and none once the split is surely another', () => {
    const counting = render(buyerExample({ counts: { 'bookstore-v1': 104, 'bookstore-v2': 96 } }))
    expect(counting).toMatch(/200 purchases; a correct 50\/50 is sure after [\d,]+ to [\d,]+</)
    expect(counting).not.toMatch(/about [\d,]+ more/)
    expect(counting).toMatch(/<span class="goal">A correct 50\/50 is sure after [\d,]+ to [\d,]+\.</)
    const other = render(buyerExample({ counts: { 'bookstore-v1': 3240, 'bookstore-v2': 2760 } }))
    expect(other).toMatch(/Not exactly 50\/50: .*about [\d,]+ more to be sure within/)
    expect(other).not.toContain('is sure after')
  })

  test('numbers read as a person would say them', () => {
    const example = buyerExample({ counts: { 'bookstore-v1': 10, 'bookstore-v2': 10 } })
    const goal = { fewest: 93, most: 93 }
    const { snapshot, picture } = example
    const words = (purchasesPerSecond: number) =>
      render({
        ...example,
        snapshot: { ...snapshot, pace: { purchasesPerSecond, concurrency: 1 } },
        picture: { ...picture, goal }
      })
    expect(words(1)).toContain('is sure after 93.<')
    expect(words(1)).toContain('buying <b>once</b> a second')
    expect(words(9.96)).toContain('buying <b>10</b> times a second')
  })

  test('every text from outside is escaped', () => {
    const example = buyerExample({ counts: { [HOSTILE]: 3 }, denied: 1, failed: 1 })
    const { snapshot } = example
    const hostile = JSON.parse(JSON.stringify(snapshot), (key, value) =>
      typeof value === 'string' && !KEPT.has(key) ? HOSTILE : value
    )
    const withReasons = {
      ...hostile,
      counts: { ...snapshot.counts, byDenial: { [HOSTILE]: 1 }, byFailure: { [HOSTILE]: 1 } },
      policies: { ...hostile.policies, problems: [HOSTILE], denial: `${HOSTILE}!` },
      earlierWindows: [{ ...hostile.window, to: HOSTILE, declared: { [HOSTILE]: 1 } }]
    }
    expect(render({ ...example, snapshot: withReasons })).not.toContain('<script>')
  })

  test('weighs under 60 kB compressed with all its assets, in every state', () => {
    const { css, js } = loadPageAssets()
    const weights = EXAMPLE_NAMES.map(exampleOf).map(
      example => gzipSync(render(example)).length + gzipSync(css).length + gzipSync(js).length
    )
    expect(Math.max(...weights)).toBeLessThan(60_000)
  })
})

test('the policy lets nothing in but the own script, style and events', () => {
  expect(contentSecurityPolicy).toContain("default-src 'none'")
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|http/)
})

test('a live event is one line of JSON with the headline and every section', () => {
  const scene = buyerExample({ counts: { 'bookstore-v1': 1 } })
  const { snapshot } = scene
  const event = liveEvent(scene, 'abc')
  expect(event).not.toContain('\n')
  expect(JSON.parse(event)).toEqual({
    assets: 'abc',
    at: snapshot.at,
    status: snapshot.headline.status,
    title: snapshot.headline.title,
    requests: scene.picture.requests,
    sections: renderSections(scene)
  })
})

test('the version of the assets changes with nothing but their content', () => {
  expect(loadPageAssets().version).toMatch(/^[0-9a-f]{12}$/)
  expect(loadPageAssets()).toEqual(loadPageAssets())
})

// what is not text but a choice or a date that the types rule out to be anything else
const KEPT = new Set(['app', 'status', 'kind', 'at', 'from'])

function render(scene: Example, options: Partial<PageOptions> = {}): string {
  return renderPage(scene, { assetVersion: 'abc', ...options })
}
