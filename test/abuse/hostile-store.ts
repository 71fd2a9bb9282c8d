import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A server that answers every request with 200 and the next of the given heads, byte for byte. */
export interface HostileStore extends AsyncDisposable {
  readonly url: string
}

/** Starts a fake bookstore on loopback; `headOf` gives the header lines of the n-th answer, from 0. */
export async function startHostileStore(headOf: (n: number) => string): Promise<HostileStore> {
  let answered = 0
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // clients may go while we answer
    socket.on('error', () => undefined)
    let text = ''
    socket.on('data', data => {
      text += data.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        text = text.slice(end + 4)
        const head = `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${headOf(answered++)}\r\n\r\n`
        socket.write(head, 'latin1')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
}
