import { connect } from 'node:net'

/** What a server made of bytes on a connection. */
export interface RawExchange {
  /** Status codes of all answers, in order. */
  readonly statuses: readonly number[]
  /** Everything that came, as latin1. */
  readonly text: string
  /** `closed` by the server, `answered` and left open, or `hanging`: neither. */
  readonly end: 'closed' | 'answered' | 'hanging'
}

export interface RawExchangeOptions {
  /** Whether the client says that it has no more to send. */
  readonly isHalfClosed?: boolean
  readonly timeoutMs?: number
  /** Answers after which the client leaves; a stream never ends by itself. */
  readonly enough?: number
}

/** Sends pieces of bytes over a connection of its own, each in a packet of its own as far as the system does so. */
export function rawExchange(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { isHalfClosed = true, timeoutMs = 30_000, enough = Infinity }: RawExchangeOptions = {}
): Promise<RawExchange> {
  return new Promise(resolve => {
    let text = ''
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    const finish = (end: RawExchange['end']) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ statuses: statusesOf(text), text, end })
    }
    const timer = setTimeout(() => finish(text === '' ? 'hanging' : 'answered'), timeoutMs)
    socket.on('data', data => {
      text += data.toString('latin1')
      if (statusesOf(text).length >= enough || isStream(text)) finish('answered')
    })
    socket.on('close', () => finish('closed'))
    // a server that refuses resets the connection while we still write: that is an answer, too
    socket.on('error', () => undefined)
    socket.on('end', () => finish('closed'))
    void send(pieces)
    async function send(rest: readonly (string | Uint8Array)[]): Promise<void> {
      for (const piece of rest) {
        if (socket.destroyed) return
        await new Promise<void>(written => socket.write(asBytes(piece), () => written()))
      }
      if (isHalfClosed) socket.end()
    }
  })
}

const asBytes = (piece: string | Uint8Array) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)

function statusesOf(text: string): number[] {
  return [...text.matchAll(/^HTTP\/1\.[01] (\d{3})\b/gm)].map(match => Number(match[1]))
}

const isStream = (text: string) => /^content-type: text\/event-stream/im.test(text)

/** A connection on which nothing more is sent. */
export interface SlowConnection {
  /** Resolves when the connection is gone, whoever ended it. */
  readonly ended: Promise<void>
}

/**
 * Sends the beginning of a request and then nothing more, until the signal; reads no answer unless `isReading`.
 * Resolves when the bytes are on their way.
 */
export async function openSlowly(
  port: number,
  beginning: string,
  { leave, isReading = false }: { readonly leave?: AbortSignal; readonly isReading?: boolean }
): Promise<SlowConnection> {
  const socket = connect(port, '127.0.0.1')
  // without a reader the end of an answer is not seen, either
  if (isReading) socket.resume()
  // the server may give up first
  socket.on('error', () => undefined)
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  leave?.addEventListener('abort', () => socket.destroy(), { once: true })
  await new Promise<void>(written => socket.write(beginning, () => written()))
  return { ended }
}
