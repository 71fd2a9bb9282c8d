import { deepEqual, equal } from 'node:assert/strict'
import { waitFor } from '@bookstore/testing'
import { checkProcesses, readStore, readTotal } from '../books.ts'
import { type FailoverLoadOptions, startFailoverLoad } from '../failover-load.ts'
import { isReady } from '../restartable-bookstore.ts'
import type { Result, Scenario, Stage } from '../scenario.ts'
import { type Service, startService } from '../service.ts'

// time for the load to notice that the first replica is not ready any more
const DRAIN_ENV = { DRAIN_WAIT_MS: '1000', LOG_LEVEL: 'warn' }

type Env = Readonly<Record<string, string>>

/** Two replicas of each service; the tests stop the first one of a kind. */
async function startPair(name: string, env: Env): Promise<readonly [Service, Service]> {
  const main = `apps/${name}/src/main.ts`
  const start = (at: number) => startService(`${name} ${at}`, { main, env: { ...DRAIN_ENV, ...env } })
  const [first, second] = await Promise.all([start(1), start(2)])
  return [first, second]
}

interface Stop {
  readonly answered: number
  readonly ms: number
}

/** Stops the first of a pair under load: no request may fail, and it has to end by itself with code 0. */
async function stopUnderLoad(
  [first, second]: readonly [Service, Service],
  load: Omit<FailoverLoadOptions, 'replicas'>,
  meanwhile: () => Promise<void> = async () => undefined
): Promise<Stop> {
  await Promise.all([isReady(first), isReady(second)])
  const running = startFailoverLoad({ ...load, replicas: [first.url, second.url] })
  await running.more(300)
  const startedAt = performance.now()
  const [exit] = await Promise.all([first.stop(), meanwhile()])
  const ms = Math.round(performance.now() - startedAt)
  await running.more(100)
  await running.stop()
  deepEqual(running.failures().slice(0, 5), [])
  deepEqual(exit, { code: 0, signal: null }, first.output().slice(-5).join('\n'))
  return { answered: running.answered(), ms }
}

function row({ answered, ms }: Stop, books: Omit<Result, 'load' | 'said' | 'difference'>): Result {
  return {
    ...books,
    load: `${answered} requests over 16 connections, none failed`,
    difference: books.sold - books.restocked,
    said: [`ended with code 0 after ${ms} ms, of which 1,000 ms are DRAIN_WAIT_MS`]
  }
}

const warehouse: Scenario = {
  name: 'SIGTERM of a warehouse',
  async run(stage) {
    await using stack = new AsyncDisposableStack()
    const pair = await startPair('bookwarehouse', { DATABASE_URL: stage.freshDatabaseUrl() })
    for (const service of pair) stack.use(service)
    const stop = await stopUnderLoad(pair, {
      path: '/restock-books',
      request: { method: 'POST', body: '1' }
    })
    const total = await readTotal(pair[1])
    equal(total, stop.answered, 'every acknowledged restock is in stock, and no other')
    checkProcesses(pair, stage.mariadb.password)
    return row(stop, { sold: stop.answered, restocked: total })
  }
}

const store: Scenario = {
  name: 'SIGTERM of a store without OUTBOX_DIR',
  async run(stage) {
    await using stack = new AsyncDisposableStack()
    const stock = stack.use(await startStock(stage))
    const pair = await startPair('bookstore', { BOOKWAREHOUSE_URL: stock.url })
    for (const service of pair) stack.use(service)
    const stop = await stopUnderLoad(pair, { path: '/buy-a-book/new' })
    await waitFor(async () => (await readStore(pair[1])).outbox === 0, { what: 'an empty outbox' })
    const total = await readTotal(stock)
    equal(total, stop.answered, 'every sale of the stopped store was restocked before it ended')
    checkProcesses([stock, ...pair], stage.mariadb.password)
    return row(stop, { sold: stop.answered, restocked: total })
  }
}

function shopper(name: 'bookbuyer' | 'bookthief'): Scenario {
  return {
    name: `SIGTERM of the ${name.slice('book'.length)} while it shops and people watch`,
    async run(stage) {
      await using stack = new AsyncDisposableStack()
      const stock = stack.use(await startStock(stage))
      const main = 'apps/bookstore/src/main.ts'
      const seller = stack.use(await startService('bookstore', { main, env: { BOOKWAREHOUSE_URL: stock.url } }))
      const pair = await startPair(name, {
        BOOKSTORE_URL: seller.url,
        CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.01'
      })
      for (const service of pair) stack.use(service)
      const stop = await stopUnderLoad(pair, { path: '/api/snapshot' }, await watch(pair[0]))
      await pair[1].stop()
      await waitFor(async () => (await readStore(seller)).outbox === 0, { what: 'an empty outbox' })
      const [{ sold }, restocked] = [await readStore(seller), await readTotal(stock)]
      equal(restocked, sold)
      checkProcesses([stock, seller, ...pair], stage.mariadb.password)
      return row(stop, { sold, restocked })
    }
  }
}

function startStock(stage: Stage): Promise<Service> {
  return startService('bookwarehouse', {
    main: 'apps/bookwarehouse/src/main.ts',
    env: { DATABASE_URL: stage.freshDatabaseUrl(), LOG_LEVEL: 'warn' }
  })
}

// ten open pages; gives a wait for the good end of their streams, which a broken connection would reject
async function watch({ url }: Service): Promise<() => Promise<void>> {
  const open = () => fetch(`${url}/api/events?view=page`)
  const streams = await Promise.all(Array.from({ length: 10 }, open))
  const read = streams.map(stream => stream.text())
  return async () => void (await Promise.all(read))
}

export const sigterm: readonly Scenario[] = [warehouse, store, shopper('bookbuyer'), shopper('bookthief')]
