import { type RunningApp, tempDir } from '@bookstore/testing'
import { answerOf } from '../lib/answer-of.ts'
import { type BenchCase, type CaseResult, type Row, ratioOf, type Target } from '../lib/bench-case.ts'
import { type Contestant, measureRates } from '../lib/http-rates.ts'
import { LOAD_CORE, MEASURED_CORE, startProgram, startRival } from '../lib/programs.ts'

const BARE = 'bare fastify route'
const LEAST = 0.8

/** The two pages of a store that a buyer asks for, against servers that answer the same bytes and do nothing. */
export const storeCase: BenchCase = {
  name: 'store',
  title: 'A store over 64 connections, default logs, metrics and headers',
  run: measureStore
}

async function measureStore(): Promise<CaseResult> {
  await using stack = new AsyncDisposableStack()
  const dir = stack.use(await tempDir('bookstore-bench-'))
  // something that takes every restock, so that the outbox drains as it does in a shop
  const taker = stack.use(await startRival('raw-http.ts', { core: LOAD_CORE }))
  const start = async (env: Readonly<Record<string, string>>) =>
    stack.use(
      await startProgram('bookstore', {
        core: MEASURED_CORE,
        env: { IDENTITY: 'bookstore-v1', BOOKWAREHOUSE_URL: taker.url, ...env }
      })
    )
  const inMemory = await start({})
  const durable = await start({ OUTBOX_DIR: dir.join('outbox') })
  const ANSWER = await answerOf(`${inMemory.url}/books-bought`)
  const rival = async (file: string, env: Readonly<Record<string, string>> = {}) =>
    stack.use(await startRival(file, { core: MEASURED_CORE, env: { ANSWER, ...env } }))
  const contestants: Contestant[] = [
    contestant('raw node:http', await rival('raw-http.ts'), '/'),
    contestant(BARE, await rival('bare-fastify.ts'), '/'),
    contestant(`${BARE}, with its logger`, await rival('bare-fastify.ts', { LOGGER: 'on' }), '/'),
    contestant('GET /books-bought', inMemory, '/books-bought'),
    contestant('GET /buy-a-book/new', inMemory, '/buy-a-book/new'),
    contestant('GET /buy-a-book/new, outbox on disk', durable, '/buy-a-book/new'),
    ...peer()
  ]
  const rows = await measureRates(contestants)
  return { rows, targets: ['GET /books-bought', 'GET /buy-a-book/new'].map(name => targetOf(name, rows)) }
}

function contestant(name: string, app: RunningApp, path: string): Contestant {
  return { name, app, url: `${app.url}${path}`, ...(name === BARE ? {} : { against: BARE }) }
}

// any other implementation that listens somewhere
function peer(): Contestant[] {
  const url = process.env['PEER_BOOKSTORE_URL']
  return url ? ['/books-bought', '/buy-a-book/new'].map(path => ({ name: `peer ${path}`, url: `${url}${path}` })) : []
}

function targetOf(name: string, rows: readonly Row[]): Target {
  const row = rows.find(candidate => candidate.name === name)
  const ratio = (row && ratioOf(row, rows)) ?? 0
  return { sentence: `${name}: at least ${LEAST} x ${BARE}, is ${ratio.toFixed(2)}`, isMet: ratio >= LEAST }
}
