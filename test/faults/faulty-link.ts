import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What becomes of what is sent: `open` passes it on; `cut` resets every connection; `hold` keeps connections open and
 * passes nothing on; `lose-answers` passes requests on and resets the connection instead of giving the answer back.
 */
type LinkMode = 'open' | 'cut' | 'hold' | 'lose-answers'

/** A network between two processes that a test can disturb. */
export interface FaultyLink extends AsyncDisposable {
  readonly port: number
  /** Where it leads to, on loopback. */
  leadTo(port: number): void
  /** Applies to connections that are open, too. */
  set(mode: LinkMode): void
  /** Milliseconds that every piece of data takes longer, each way. */
  slowDown(ms: number): void
}

/** A TCP proxy on loopback. */
export async function openFaultyLink(): Promise<FaultyLink> {
  const state = { mode: 'open' as LinkMode, delayMs: 0, target: 0 }
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // resets are what this proxy is for
    socket.on('error', () => socket.destroy())
  }
  const server = createServer({ noDelay: true }, client => {
    keep(client)
    if (state.mode === 'cut') return void client.resetAndDestroy()
    const upstream = connect({ port: state.target, host: '127.0.0.1', noDelay: true })
    keep(upstream)
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.resetAndDestroy())
    pass(client, upstream, state, () => false)
    pass(upstream, client, state, () => {
      if (state.mode !== 'lose-answers') return false
      client.resetAndDestroy()
      return true
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      state.target = port
    },
    set(mode) {
      state.mode = mode
      if (mode === 'cut') for (const socket of sockets) socket.resetAndDestroy()
    },
    slowDown(ms) {
      state.delayMs = ms
    },
    async [Symbol.asyncDispose]() {
      state.mode = 'cut'
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
}

// one piece after the other, so that a delay keeps their order
function pass(
  from: Socket,
  to: Duplex,
  state: { readonly mode: LinkMode; readonly delayMs: number },
  isLost: () => boolean
): void {
  let turn: Promise<void> = Promise.resolve()
  from.on('data', data => {
    turn = turn.then(async () => {
      if (state.delayMs > 0) await sleep(state.delayMs)
      while (state.mode === 'hold' && !to.destroyed) await sleep(20)
      if (!to.destroyed && !isLost()) to.write(data)
    })
  })
}
