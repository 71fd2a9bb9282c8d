import type { RunningApp } from '@bookstore/testing'
import type { BenchCase, CaseResult, Row } from '../lib/bench-case.ts'
import { buyMany } from '../lib/bursts.ts'
import { cpuSeconds, LOAD_CORE, MEASURED_CORE, residentMb, startProgram, startRival } from '../lib/programs.ts'
import { wrk } from '../lib/wrk.ts'

const ROUNDS = 3
const PURCHASES = 10_000
// what the engine needs at first is no growth
const SETTLED = 100_000
const LONG_RUN = 1_000_000
const MOST_GROWTH_MB = 20
const VERSIONS = { few: 2, many: 50 }

/** The buyer alone, against a server that costs next to nothing: purchases, snapshots, and memory after a long run. */
export const buyerCase: BenchCase = {
  name: 'buyer',
  title: 'The buyer alone, against a trivial server',
  run: measureBuyer
}

async function measureBuyer(): Promise<CaseResult> {
  await using few = await startBuyerOf(VERSIONS.few)
  await using many = await startBuyerOf(VERSIONS.many)
  const rows: Row[] = [
    ...(await purchaseRows(few.buyer)),
    ...(await snapshotRows([
      { name: `a snapshot of ${VERSIONS.few} versions`, buyer: few.buyer },
      { name: `a snapshot of ${VERSIONS.many} versions`, buyer: many.buyer }
    ]))
  ]
  const growth = await growthOver(few.buyer)
  return {
    rows: [
      ...rows,
      { name: `growth over ${LONG_RUN.toLocaleString('en')} purchases`, unit: 'MB resident', values: [growth] }
    ],
    targets: [
      {
        sentence: `growth under ${MOST_GROWTH_MB} MB, is ${growth.toFixed(1)}`,
        isMet: growth < MOST_GROWTH_MB
      }
    ]
  }
}

interface LoneBuyer extends AsyncDisposable {
  readonly buyer: RunningApp
}

async function startBuyerOf(versions: number): Promise<LoneBuyer> {
  await using stack = new AsyncDisposableStack()
  const IDENTITIES = Array.from({ length: versions }, (_, at) => `bookstore-v${at + 1}`).join(',')
  const store = stack.use(await startRival('raw-http.ts', { core: LOAD_CORE, env: { IDENTITIES } }))
  const env = { BOOKSTORE_URL: store.url, CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '3600' }
  const buyer = stack.use(await startProgram('bookbuyer', { core: MEASURED_CORE, env }))
  await buyMany(buyer, PURCHASES)
  const kept = stack.move()
  return { buyer, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function purchaseRows(buyer: RunningApp): Promise<Row[]> {
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuSeconds(buyer.pid)
    await buyMany(buyer, PURCHASES)
    values.push(PURCHASES / (cpuSeconds(buyer.pid) - before))
  }
  return [{ name: 'purchases', unit: 'per CPU second', values }]
}

async function snapshotRows(ways: readonly { readonly name: string; readonly buyer: RunningApp }[]): Promise<Row[]> {
  const values = ways.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { buyer }] of ways.entries()) {
      const before = cpuSeconds(buyer.pid)
      const { requests } = await wrk(`${buyer.url}/api/snapshot`, { seconds: 2 })
      values[at]?.push(((cpuSeconds(buyer.pid) - before) / requests) * 1e6)
    }
  }
  return ways.map(({ name }, at) => ({
    name,
    unit: 'µs of CPU',
    values: values[at] ?? [],
    ...(at === 0 ? {} : { against: ways[0]?.name ?? '' })
  }))
}

async function growthOver(buyer: RunningApp): Promise<number> {
  await buyMany(buyer, SETTLED)
  const before = residentMb(buyer.pid)
  await buyMany(buyer, LONG_RUN)
  return residentMb(buyer.pid) - before
}
