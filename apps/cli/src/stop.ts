import type { EventEmitter } from 'node:events'

/** As much of `process` as a stop needs. */
export type StoppableProcess = EventEmitter & {
  readonly connected?: boolean
  send?(message: unknown): void
  readonly channel?: { unref(): void } | null | undefined
  exit(code: number): never
}

// one Ctrl-C can arrive more than once: from the terminal and from the process that started us
const SAME_KEY_MS = 500

/**
 * A signal that fires at SIGINT, SIGTERM or SIGHUP, when the process that started us says `{stop}` over IPC, and when
 * that process is gone.
 * It answers `{stopping}`, so that whoever said it need not say it again by a signal. A second signal from the keyboard
 * ends the process at once.
 */
export function createStop(source: StoppableProcess, now = () => performance.now()): AbortSignal {
  const controller = new AbortController()
  let firstAt: number | undefined
  const stop = () => {
    firstAt ??= now()
    controller.abort()
  }
  const signalled = () => {
    if (firstAt !== undefined && now() - firstAt > SAME_KEY_MS) source.exit(130)
    stop()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) source.on(name, signalled)
  source.once('disconnect', stop)
  source.on('message', message => {
    if (!isStop(message)) return
    stop()
    source.send?.({ stopping: true })
  })
  // it may have gone while we were loading
  if (source.connected === false) stop()
  // listening must not keep a command alive that is done
  source.channel?.unref()
  return controller.signal
}

function isStop(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'stop' in message
}
