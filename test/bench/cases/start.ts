import { setTimeout as sleep } from 'node:timers/promises'
import { tempDir } from '@bookstore/testing'
import { type BenchCase, type CaseResult, medianOf, type Row, type Target } from '../lib/bench-case.ts'
import { cpuSeconds, MEASURED_CORE, residentMb, startProgramAlone, startRivalAlone } from '../lib/programs.ts'

const ROUNDS = 7
const APPS = ['bookstore', 'bookbuyer', 'bookwarehouse'] as const
const MOST_MS = 120
const MOST_MS_TRACED = 200
const MOST_MB = 70
const NODE = 'Node with node:http alone'

/** What a start costs, from the first instruction to the open port. */
export const startCase: BenchCase = {
  name: 'start',
  title: 'Start of the bundles as the image has them',
  run: measureStart
}

async function measureStart(): Promise<CaseResult> {
  const ways = APPS.flatMap(app => [
    { app, name: app, env: {} },
    // what the image's own compiled code saves
    { app, name: `${app}, compiled anew`, env: {}, isCompiled: false, isTarget: false },
    // nobody listens there: the exporter is loaded and set up all the same
    { app, name: `${app} with OpenTelemetry`, env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } }
  ])
  const milliseconds = ways.map((): number[] => [])
  const megabytes = ways.map((): number[] => [])
  const alone: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await using nothing = await startRivalAlone('only-node.mjs', { core: MEASURED_CORE })
    alone.push(cpuSeconds(nothing.pid) * 1000)
    for (const [at, { app, env, isCompiled }] of ways.entries()) {
      await using dir = await tempDir('bookstore-bench-')
      const usual = { DATABASE_URL: `sqlite:${dir.join('stock.db')}`, BOOKSTORE_URL: 'http://127.0.0.1:9' }
      await using program = await startProgramAlone(app, {
        core: MEASURED_CORE,
        env: { ...usual, ...env },
        isCompiled: isCompiled !== false
      })
      milliseconds[at]?.push(cpuSeconds(program.pid) * 1000)
      await readiness(program.url)
      megabytes[at]?.push(residentMb(program.pid))
    }
  }
  const rows = ways.flatMap(({ name }, at): Row[] => [
    { name: `${name}: until it listens`, unit: 'ms of CPU', values: milliseconds[at] ?? [], against: NODE },
    { name: `${name}: when it is ready`, unit: 'MB resident', values: megabytes[at] ?? [] }
  ])
  const least: Row = { name: NODE, unit: 'ms of CPU', values: alone }
  return {
    rows: [least, ...rows],
    targets: rows.filter((_, at) => ways[Math.floor(at / 2)]?.isTarget !== false).flatMap(targetOf)
  }
}

async function readiness(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await fetch(`${url}/readiness`)).ok) return
    await sleep(20)
  }
  throw new Error(`expected ${url} to become ready, it did not`)
}

function targetOf({ name, unit, values }: Row): Target[] {
  const isTraced = name.includes('OpenTelemetry')
  if (unit !== 'ms of CPU' && isTraced) return []
  const most = unit === 'ms of CPU' ? (isTraced ? MOST_MS_TRACED : MOST_MS) : MOST_MB
  const median = medianOf(values)
  return [{ sentence: `${name}: at most ${most} ${unit}, is ${median.toFixed(0)}`, isMet: median <= most }]
}
