import type { Logger } from './logger.ts'

/** How one occurrence is told. */
export interface Occurrence {
  /** In words, such as `purchases are denied`; the first one of an episode names it. */
  readonly message: string
  readonly level?: 'info' | 'warn' | 'error'
  /** What a line says of the newest occurrence. */
  readonly fields?: Readonly<Record<string, unknown>>
}

/** Things that happen often and are told seldom: a line when they begin, one a minute with a count, one at the end. */
export interface Episodes {
  /** Says that something of this kind happened. */
  note(kind: string, occurrence: Occurrence): void
  /** Tells what is due; call it about once a second. */
  tick(): void
}

export interface EpisodesOptions {
  readonly logger: Logger
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** An episode ends when nothing of its kind came for this long. */
  readonly quietMs?: number
  readonly everyMs?: number
}

interface Episode {
  readonly beganAt: number
  readonly message: string
  toldAt: number
  lastAt: number
  count: number
  total: number
  newest: Occurrence
}

/** Episodes by kind; kinds are names of our own, so they are few. */
export function createEpisodes({
  logger,
  now = Date.now,
  quietMs = 10_000,
  everyMs = 60_000
}: EpisodesOptions): Episodes {
  const running = new Map<string, Episode>()
  const tell = (kind: string, { newest: { level = 'info', fields } }: Episode, more: object, message: string) =>
    logger[level]({ kind, ...fields, ...more }, message)
  return {
    note(kind, occurrence) {
      const at = now()
      const known = running.get(kind)
      if (known !== undefined) {
        known.lastAt = at
        known.count++
        known.total++
        known.newest = occurrence
        return
      }
      const begun = {
        beganAt: at,
        message: occurrence.message,
        toldAt: at,
        lastAt: at,
        count: 0,
        total: 1,
        newest: occurrence
      }
      running.set(kind, begun)
      tell(kind, begun, { state: 'began' }, begun.message)
    },
    tick() {
      const at = now()
      for (const [kind, episode] of running) {
        const seconds = Math.round((episode.lastAt - episode.beganAt) / 1000)
        if (at - episode.lastAt >= quietMs) {
          running.delete(kind)
          tell(kind, episode, { state: 'ended', total: episode.total, seconds }, `no longer: ${episode.message}`)
        } else if (at - episode.toldAt >= everyMs) {
          const count = { count: episode.count, total: episode.total, seconds }
          tell(kind, episode, { state: 'goes on', ...count }, `still: ${episode.message}`)
          episode.toldAt = at
          episode.count = 0
        }
      }
    }
  }
}

/** Calls `tick` once a second; gives what ends that. It keeps no process alive. */
export function everySecond(tick: () => void): () => void {
  const timer = setInterval(tick, 1_000)
  timer.unref()
  return () => clearInterval(timer)
}
