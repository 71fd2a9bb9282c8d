/** A signal for one piece of work. */
export interface Deadline {
  readonly signal: AbortSignal
  /** To be called when the work is over: the timer ends, and nothing more is heard of the other signal. */
  end(): void
}

/**
 * A signal that fires after `timeoutMs` with a TimeoutError, or when `signal` does, with its reason.
 * AbortSignal.timeout and AbortSignal.any say the same and cannot be ended: each lives until its time is over, and then
 * makes an error that nobody sees. At thousands of requests a second these were most of a program's memory.
 */
export function startDeadline(timeoutMs: number, signal?: AbortSignal): Deadline {
  const controller = new AbortController()
  const expire = () => controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'))
  const timer = setTimeout(expire, timeoutMs).unref()
  const follow = () => controller.abort(signal?.reason)
  if (signal?.aborted) follow()
  else signal?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', follow)
    }
  }
}
