import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningApp } from '@bookstore/testing'
import { type BenchCase, type CaseResult, medianOf } from '../lib/bench-case.ts'
import { cpuSeconds, LOAD_CORE, MEASURED_CORE, startProgram, startRival } from '../lib/programs.ts'

const VIEWERS = 500
const ROUNDS = 3
const SECONDS = 10
const MOST_PERCENT = 50
const IDENTITIES = 'bookstore-v1,bookstore-v2'

/** What a class that looks at the page costs the buyer, which goes on buying. */
export const viewersCase: BenchCase = {
  name: 'viewers',
  title: `A buyer at ten purchases a second, with ${VIEWERS} open pages, over ${SECONDS} s`,
  run: measureViewers
}

async function measureViewers(): Promise<CaseResult> {
  await using stack = new AsyncDisposableStack()
  const store = stack.use(await startRival('raw-http.ts', { core: LOAD_CORE, env: { IDENTITIES } }))
  const env = { BOOKSTORE_URL: store.url, CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.1', EXPECTED_SPLIT: 'v1=50,v2=50' }
  const buyer = stack.use(await startProgram('bookbuyer', { core: MEASURED_CORE, env }))
  const alone = await percents(buyer)
  const sockets = await Promise.all(Array.from({ length: VIEWERS }, () => view(buyer)))
  stack.defer(() => {
    for (const socket of sockets) socket.destroy()
  })
  const before = sockets.map(({ bytesRead }) => bytesRead)
  const watched = await percents(buyer)
  const kilobytes = sockets.map(({ bytesRead }, at) => (bytesRead - (before[at] ?? 0)) / 1000 / (ROUNDS * SECONDS))
  const refusal = await fetch(`${buyer.url}/api/events?view=page`)
  const told = await refusal.text()
  const open = sockets.filter(socket => !socket.destroyed).length
  const median = medianOf(watched)
  return {
    rows: [
      { name: 'nobody looks', unit: '% of a core', values: alone },
      { name: `${VIEWERS} pages`, unit: '% of a core', values: watched },
      { name: 'what each page gets', unit: 'kB/s', values: kilobytes }
    ],
    targets: [
      {
        sentence: `${open} of ${VIEWERS} pages open: at most ${MOST_PERCENT} % of a core, is ${median.toFixed(1)}`,
        isMet: open === VIEWERS && Math.min(...kilobytes) > 1 && median <= MOST_PERCENT
      },
      {
        sentence: `the next one is told why: ${refusal.status} ${told}`,
        isMet: refusal.status === 503 && told.includes(String(VIEWERS))
      }
    ]
  }
}

/** Opens a page's stream and reads all that comes; resolves at the first data. */
async function view({ url }: RunningApp): Promise<Socket> {
  const { hostname, port, host } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  // one that is cut off is counted at the end
  socket.on('error', () => socket.destroy())
  socket.write(`GET /api/events?view=page HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n\r\n`)
  await once(socket, 'data')
  socket.resume()
  return socket
}

async function percents({ pid }: RunningApp): Promise<readonly number[]> {
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuSeconds(pid)
    const start = performance.now()
    await sleep(SECONDS * 1000)
    values.push(((cpuSeconds(pid) - before) / ((performance.now() - start) / 1000)) * 100)
  }
  return values
}
