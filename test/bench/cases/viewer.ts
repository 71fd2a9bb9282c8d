import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startBookstore } from '@bookstore/testing'
import { startBrowser } from '../../browser/chromium.ts'
import { type BenchCase, type CaseResult, medianOf } from '../lib/bench-case.ts'
import { cpuSeconds } from '../lib/programs.ts'

const SECONDS = 30
const ROUNDS = 3
const MOST_PERCENT = 5
// what a browser or a page costs at first is no part of looking at it
const AT_FIRST_MS = 5_000

/** What the stage costs who looks at it, with all its dots, at ten purchases a second. */
export const viewerCase: BenchCase = {
  name: 'viewer',
  title: `The stage in Chromium over ${SECONDS} s, at ten purchases a second`,
  run: measureViewer
}

async function measureViewer(): Promise<CaseResult> {
  await using bookstore = await startBookstore({
    policies: ['permissive-on', 'split-50-50'],
    env: name => (name === 'bookbuyer' ? { CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.1' } : {})
  })
  await using browser = await startBrowser()
  await using context = await browser.open({
    viewport: { width: 1280, height: 720 },
    reducedMotion: 'no-preference'
  })
  const page = await context.newPage()
  await sleep(AT_FIRST_MS)
  const idle = await percentUsed()
  await page.goto(`${bookstore.buyer.url}/?view=stage`)
  await page.locator('#dots circle').first().waitFor({ state: 'attached' })
  await sleep(AT_FIRST_MS)
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round++) values.push(await percentUsed())
  const median = medianOf(values)
  return {
    rows: [
      { name: 'an empty page', unit: '% of a core', values: [idle] },
      { name: 'the stage', unit: '% of a core', values }
    ],
    targets: [
      {
        sentence: `the stage: at most ${MOST_PERCENT} % of a core, is ${median.toFixed(1)}`,
        isMet: median <= MOST_PERCENT
      }
    ]
  }
}

/** Percent of a core that the browser uses for so long. */
async function percentUsed(): Promise<number> {
  const before = new Map(browserProcesses().map(pid => [pid, cpuSeconds(pid)]))
  const start = performance.now()
  await sleep(SECONDS * 1000)
  const used = browserProcesses().reduce((sum, pid) => sum + cpuSeconds(pid) - (before.get(pid) ?? 0), 0)
  return (used / ((performance.now() - start) / 1000)) * 100
}

/** The processes below this one that are Chromium's. */
function browserProcesses(): readonly number[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(processOf)
  const family = all.filter(({ parent }) => parent === process.pid)
  for (const { pid } of family) family.push(...all.filter(({ parent }) => parent === pid))
  return family.filter(({ program }) => /chrom/.test(program)).map(({ pid }) => pid)
}

interface Process {
  readonly pid: number
  readonly parent: number
  readonly program: string
}

// one that has ended since it was listed is none
function processOf(pid: string): Process[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? ''
    return [{ pid: Number(pid), parent, program }]
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
