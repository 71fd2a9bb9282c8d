import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { defaultTopology, withAddresses } from '@bookstore/contract'
import { type RunningApp, repositoryRoot, soldBy, tempDir, waitFor } from '@bookstore/testing'
import { answerOf } from '../lib/answer-of.ts'
import { type BenchCase, type CaseResult, medianOf, type Row } from '../lib/bench-case.ts'
import { buyMany } from '../lib/bursts.ts'
import { cpuSeconds, startProgram, startRival } from '../lib/programs.ts'

const ROUNDS = 3
const PURCHASES = 20_000
const WARM_UP = 10_000
const LEAST = 12_000

/** Purchases from buyer to database, each with its restock, straight and through the local mesh. */
export const chainCase: BenchCase = {
  name: 'chain',
  title: 'The whole chain by bursts: buyer, store, warehouse with SQLite, on both processors',
  run: measureChain
}

const STRAIGHT = 'straight to one store'
const BARE = 'undici alone asks a bare fastify route'

async function measureChain(): Promise<CaseResult> {
  await using stack = new AsyncDisposableStack()
  const dir = stack.use(await tempDir('bookstore-bench-'))
  const policyDir = dir.join('policies')
  for (const name of ['permissive-on.yaml', 'split-100-0.yaml']) {
    cpSync(join(repositoryRoot, 'deploy/policies', name), join(policyDir, name))
  }
  const start = async (app: Parameters<typeof startProgram>[0], env: Readonly<Record<string, string>>) =>
    stack.use(await startProgram(app, { env: { CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '3600', ...env } }))
  const warehouse = await start('bookwarehouse', { DATABASE_URL: `sqlite:${dir.join('stock.db')}` })
  const store = await start('bookstore', { IDENTITY: 'bookstore-v1', BOOKWAREHOUSE_URL: warehouse.url })
  const straight = await start('bookbuyer', { BOOKSTORE_URL: store.url })
  const meshed = await start('bookbuyer', {
    POLICY_DIR: policyDir,
    MESH_ACCOUNT: 'bookbuyer/bookbuyer',
    MESH_TOPOLOGY: JSON.stringify(withAddresses(defaultTopology(), { 'bookstore-v1': [store.url] }))
  })
  const route = stack.use(
    await startRival('bare-fastify.ts', { env: { ANSWER: await answerOf(`${store.url}/books-bought`) } })
  )
  const bare = stack.use(await startRival('bare-client.ts', { env: { TARGET: route.url } }))
  return await measure({ warehouse, store, bare, buyers: { [STRAIGHT]: straight, 'through the local mesh': meshed } })
}

interface Chain {
  readonly warehouse: RunningApp
  readonly store: RunningApp
  /** A client and a server that have nothing to do with books: what this machine allows at most. */
  readonly bare: RunningApp
  readonly buyers: Readonly<Record<string, RunningApp>>
}

async function measure({ warehouse, store, bare, buyers }: Chain): Promise<CaseResult> {
  const ways = Object.entries(buyers).map(([name, buyer]) => ({
    name,
    buyer,
    rates: [] as number[],
    costs: [] as number[]
  }))
  let bought = 0
  const buy = (buyer: RunningApp, purchases: number) => {
    bought += purchases
    return buyMany(buyer, purchases)
  }
  const limits: number[] = []
  for (const { buyer } of ways) await buy(buyer, WARM_UP)
  await askMany(bare, WARM_UP)
  for (let round = 0; round < ROUNDS; round++) {
    limits.push(PURCHASES / (await askMany(bare, PURCHASES)))
    for (const { buyer, rates, costs } of ways) {
      const before = cpuSeconds(buyer.pid)
      rates.push(PURCHASES / (await buy(buyer, PURCHASES)))
      costs.push(((cpuSeconds(buyer.pid) - before) / PURCHASES) * 1e6)
    }
  }
  const recorded = await restockedBy(warehouse, store)
  const limit: Row = { name: BARE, unit: 'requests/s', values: limits }
  const rows = ways.flatMap(({ name, rates, costs }): Row[] => [
    { name, unit: 'purchases/s', values: rates, against: BARE },
    { name: `${name}: the buyer's part`, unit: 'µs of CPU a purchase', values: costs }
  ])
  const rate = medianOf(ways[0]?.rates ?? [])
  const sold = await soldBy(store)
  return {
    rows: [limit, ...rows],
    targets: [
      { sentence: `at least ${LEAST} purchases/s, is ${Math.round(rate)}`, isMet: rate >= LEAST },
      {
        // the loops of the buyers buy once each at their start
        sentence: `every one recorded: burst ${bought}, sold ${sold}, restocked ${recorded}`,
        isMet: recorded === sold && sold >= bought
      }
    ]
  }
}

async function restockedBy(warehouse: RunningApp, store: RunningApp): Promise<number> {
  const total = async () =>
    ((await (await fetch(`${warehouse.url}/raw`)).json()) as { readonly totalBooks: number }).totalBooks
  await waitFor(async () => (await total()) === (await soldBy(store)), { what: 'balanced books', timeoutMs: 30_000 })
  return total()
}

/** Has the bare client ask so often; gives the seconds it took. */
async function askMany({ url }: RunningApp, requests: number): Promise<number> {
  const startedAt = performance.now()
  const answer = await fetch(`${url}/?requests=${requests}`)
  await answer.text()
  if (!answer.ok) throw new Error(`expected the bare client to ask ${requests} times, got ${answer.status}`)
  return (performance.now() - startedAt) / 1000
}
