/** Told, once at most, that a piece of work must end, and why. */
export type Tell = (reason: Error) => void

/** Begins a deadline; what it gives is to be called when the work is over. */
export type StartDeadline = (tell: Tell, signal?: AbortSignal) => () => void

/** Who follows one signal, by one listener. */
interface Followers {
  readonly tells: Set<Tell>
  readonly tellAll: () => void
}

/**
 * Gives deadlines: each tells after `timeoutMs` with a TimeoutError, or when its `signal` does, with its reason. Throws
 * the reason of a signal that has fired already. AbortSignal.timeout and AbortSignal.any say the same and cannot be
 * ended: each lives until its time is over, and then makes an error that nobody sees. At thousands of requests a second
 * these were most of a program's memory. One listener serves all that follow the same signal: a signal looks through its
 * listeners for each new one.
 */
export function createDeadlines(timeoutMs: number): StartDeadline {
  const followers = new Map<AbortSignal, Followers>()
  const begin = (signal: AbortSignal): Followers => {
    const tells = new Set<Tell>()
    const tellAll = () => {
      for (const tell of tells) tell(asError(signal.reason))
    }
    signal.addEventListener('abort', tellAll, { once: true })
    const made = { tells, tellAll }
    followers.set(signal, made)
    return made
  }
  const leave = (signal: AbortSignal, tell: Tell) => {
    const known = followers.get(signal)
    known?.tells.delete(tell)
    if (known === undefined || known.tells.size > 0) return
    signal.removeEventListener('abort', known.tellAll)
    followers.delete(signal)
  }
  return (tell, signal) => {
    signal?.throwIfAborted()
    const expire = () => tell(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'))
    const timer = setTimeout(expire, timeoutMs).unref()
    if (signal) (followers.get(signal) ?? begin(signal)).tells.add(tell)
    return () => {
      clearTimeout(timer)
      if (signal) leave(signal, tell)
    }
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
