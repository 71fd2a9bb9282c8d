// `npm run pictures`: the README's pictures, made from a running bookstore as Chromium shows it.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '@bookstore/contract'
import {
  COULD_NOT_RUN,
  findProgram,
  type RunningApp,
  repositoryRoot,
  requireChromium,
  requireTool,
  runScript,
  startBookstore,
  type TempDir,
  tempDir,
  waitFor
} from '@bookstore/testing'
import type { Page } from 'playwright-core'
import { startBrowser } from '../browser/chromium.ts'

const STAGE = { width: 1280, height: 720 }
/** Of the moving picture, in which nobody reads the small print. */
const SCALE = 0.6
// a film that takes longer than these does not end with a pass
const MOST_FRAMES = 180
const QUALITY = '55'

await runScript(
  {
    help: `Usage: npm run pictures

Starts a bookstore, shifts its split from 90/10 to 50/50 by the page's lesson, and writes docs/images/stage.webp, which
shows the stage meanwhile, and docs/images/stage.png, the stage after it.

Needs Chromium and img2webp (apt-get install chromium webp). Exit code: 0 written, 3 could not run.`
  },
  async () => {
    const hasTools = [
      requireChromium(),
      requireTool({ name: 'img2webp', isThere: findProgram('img2webp') !== undefined, hint: 'apt-get install webp' })
    ].every(Boolean)
    return hasTools ? makePictures() : COULD_NOT_RUN
  }
)

async function makePictures(): Promise<number> {
  await using bookstore = await startBookstore({
    policies: ['permissive-on', 'split-90-10'],
    env: name => (name === 'bookbuyer' ? { CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.1' } : {})
  })
  const { buyer } = bookstore
  await burst(buyer)
  await untilPass(buyer, 0.9)
  await burstEnd(buyer)
  await using browser = await startBrowser()
  await using frames = await tempDir('bookstore-frames-')
  await using context = await browser.open({
    viewport: STAGE,
    deviceScaleFactor: SCALE,
    reducedMotion: 'no-preference'
  })
  const page = await context.newPage()
  await page.goto(`${buyer.url}/?view=stage`)
  await page.getByRole('heading', { name: 'The mesh splits as declared' }).waitFor()
  const [shots] = await Promise.all([film(page, frames), sleep(2_000).then(() => shiftSplit(buyer))])
  execFileSync('img2webp', ['-loop', '0', '-lossy', '-q', QUALITY, ...shots, '-o', image('stage.webp')], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
  await untilPass(buyer, 0.5)
  await using sharp = await browser.open({ viewport: STAGE, reducedMotion: 'no-preference' })
  const still = await sharp.newPage()
  await still.goto(`${buyer.url}/?view=stage`)
  await still.getByRole('heading', { name: 'The mesh splits as declared' }).waitFor()
  // until requests are on their way
  await still.locator('#dots circle').nth(3).waitFor()
  await still.screenshot({ path: image('stage.png') })
  return 0
}

async function shiftSplit(buyer: RunningApp): Promise<void> {
  await post(buyer, '/api/lesson', { step: 'split-50-50' })
  await burst(buyer)
}

/** Photographs the stage until it has passed for two seconds; each frame lasts as long as it really did. */
async function film(page: Page, frames: TempDir): Promise<readonly string[]> {
  const shots: { readonly path: string; readonly at: number }[] = []
  let passedAt = Infinity
  let hasShifted = false
  while (shots.length < MOST_FRAMES && performance.now() - passedAt < 2_000) {
    const path = frames.join(`${String(shots.length).padStart(3, '0')}.png`)
    shots.push({ path, at: performance.now() })
    await page.screenshot({ path })
    const title = (await page.textContent('.lead')) ?? ''
    hasShifted ||= title.includes('50/50') || title.includes('onverged')
    if (hasShifted && title.startsWith('Matches 50/50')) passedAt = Math.min(passedAt, performance.now())
  }
  return shots.flatMap(({ path, at }, index) => {
    const until = shots[index + 1]?.at ?? at + 3_000
    return ['-d', String(Math.round(until - at)), path]
  })
}

function untilPass(buyer: RunningApp, v1: number): Promise<boolean> {
  const isPass = async () => {
    const { headline, declared } = (await (await fetch(`${buyer.url}/api/snapshot`)).json()) as Snapshot
    return (headline.status === 'pass' && declared.split?.['bookstore-v1'] === v1) || undefined
  }
  return waitFor(isPass, { what: `a pass of ${v1 * 100} % for v1`, timeoutMs: 120_000 })
}

function burst(buyer: RunningApp): Promise<void> {
  return post(buyer, '/api/burst', { purchases: 10_000, concurrency: 8 })
}

function burstEnd({ url }: RunningApp): Promise<boolean> {
  const isOver = async () => {
    const { progress } = (await (await fetch(`${url}/api/burst`)).json()) as { readonly progress: Snapshot['burst'] }
    return progress?.running === false || undefined
  }
  return waitFor(isOver, { what: 'the end of the burst', timeoutMs: 120_000 })
}

async function post({ url }: RunningApp, path: string, body: object): Promise<void> {
  const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: expected it to be done, got ${answer.status}: ${await answer.text()}`)
}

function image(name: string): string {
  return join(repositoryRoot, 'docs/images', name)
}
