import { createServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'

/** A balancer that knows TCP only: it gives each connection one version, for as long as the connection lasts. */
export interface TcpBalancer extends AsyncDisposable {
  readonly url: string
  /** Connections that went to each version. */
  readonly connections: Readonly<Record<string, number>>
}

/**
 * Starts one HTTP server for each version, which names itself as a bookstore does and ends a connection after
 * `requestsPerConnection` requests, and the balancer before them. `choose` gives the version of the next connection.
 */
export async function startTcpBalancer(options: {
  readonly versions: readonly string[]
  readonly requestsPerConnection: number
  readonly choose: () => string
}): Promise<TcpBalancer> {
  const connections: Record<string, number> = {}
  const ports = new Map<string, number>()
  const stores: HttpServer[] = []
  for (const version of options.versions) {
    const store = createServer((_request, response) => response.setHeader('Identity', `bookstore-${version}`).end())
    store.maxRequestsPerSocket = options.requestsPerConnection
    stores.push(store)
    ports.set(version, await listen(store))
  }
  const open = new Set<Socket>()
  const balancer = createTcpServer(client => {
    const version = options.choose()
    connections[version] = (connections[version] ?? 0) + 1
    const store = connect(ports.get(version) ?? 0, '127.0.0.1')
    for (const [socket, other] of [
      [client, store],
      [store, client]
    ] as const) {
      open.add(socket)
      socket.pipe(other)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
  })
  return {
    url: `http://127.0.0.1:${await listen(balancer)}`,
    connections,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await Promise.all([balancer, ...stores].map(close))
    }
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function close(server: Server): Promise<void> {
  await new Promise(resolve => server.close(resolve))
}
