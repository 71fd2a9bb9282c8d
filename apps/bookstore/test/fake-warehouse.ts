import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the warehouse does with one restock. */
type Behaviour =
  /** Answers this and adds nothing. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** Cuts the connection before it has added the books, or after. */
  | 'cut before adding'
  | 'cut after adding'
  /** Adds the books, and answers when this is settled. */
  | Promise<void>

/** One restock as it came. */
interface SeenRestock {
  readonly headers: IncomingMessage['headers']
  readonly method: string
  readonly path: string
  readonly body: string
}

/** A warehouse on a real socket that adds each key once, and misbehaves as told. */
export interface FakeWarehouse extends AsyncDisposable {
  readonly url: string
  readonly seen: readonly SeenRestock[]
  /** Books added, each key once. */
  total(): number
  /** The next restocks are met so, one after the other; later ones are simply added. */
  next(...behaviours: readonly Behaviour[]): void
  /** Settles when this many restocks have come. */
  hasSeen(count: number): Promise<void>
}

/** Starts it on a port that the system chooses. */
export async function startFakeWarehouse(): Promise<FakeWarehouse> {
  const script: Behaviour[] = []
  const seen: SeenRestock[] = []
  const added = new Map<string, number>()
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const total = () => [...added.values()].reduce((sum, amount) => sum + amount, 0)
  const add = ({ headers, body }: SeenRestock) => {
    const key = String(headers['idempotency-key'] ?? `no key ${added.size}`)
    if (!added.has(key)) added.set(key, Number(body))
  }

  const server = createServer(async (request, response) => {
    const restock = await readRestock(request)
    seen.push(restock)
    for (const { count, resolve } of waiting) if (seen.length >= count) resolve()
    await behave(script.shift(), { response, add: () => add(restock), total })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    total,
    next: (...behaviours) => void script.push(...behaviours),
    async hasSeen(count) {
      const { promise, resolve } = Promise.withResolvers<void>()
      if (seen.length >= count) resolve()
      else waiting.push({ count, resolve })
      await promise
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

async function readRestock(request: IncomingMessage): Promise<SeenRestock> {
  const chunks = await request.toArray()
  const { headers, method = '', url = '' } = request
  return { headers, method, path: url, body: Buffer.concat(chunks).toString() }
}

async function behave(
  behaviour: Behaviour | undefined,
  {
    response,
    add,
    total
  }: { readonly response: ServerResponse; readonly add: () => void; readonly total: () => number }
): Promise<void> {
  response.setHeader('identity', 'bookwarehouse')
  if (behaviour === 'cut before adding') return void response.destroy()
  if (behaviour !== undefined && typeof behaviour === 'object' && 'status' in behaviour) {
    response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body)
    return
  }
  add()
  if (behaviour === 'cut after adding') return void response.destroy()
  await behaviour
  response.writeHead(200, { 'bookwarehouse-total': total() }).end('{"restocked":1}')
}
