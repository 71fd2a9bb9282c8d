/** One second of a shopper's record on disk. What is 0 or empty is left out, so that an idle second is short. */
export interface RecordedSecond {
  /** Start of the second, ms since the epoch. */
  readonly at: number
  /** Bought by version. */
  readonly bought?: Readonly<Record<string, number>>
  readonly denied?: number
  readonly failed?: number
  /** How denials and failures looked, such as `403 RBAC: access denied`. */
  readonly reasons?: Readonly<Record<string, number>>
  /** Answer times of purchases in milliseconds. */
  readonly p50?: number
  readonly p95?: number
  /** Answers of the second by the proxy that they show: `none`, `envoy`, `istio`, `linkerd`. */
  readonly proxies?: Readonly<Record<string, number>>
  /** Answers in which the store named the identity that the mesh proved to it. */
  readonly proven?: number
}

/** Something that happened to a shopper: its start and stop, a change of policy, how long that took to hold. */
export interface RecordedEvent {
  /** ms since the epoch. */
  readonly at: number
  readonly event: 'started' | 'stopped' | 'policy' | 'convergence' | 'problem'
  readonly text: string
}

export type RecordEntry = RecordedSecond | RecordedEvent

/** What `GET /api/record` answers: entries of the time that was asked for, oldest first. */
export interface ShoppingRecord {
  readonly app: 'bookbuyer' | 'bookthief'
  readonly entries: readonly RecordEntry[]
}

/** Whether an entry is an event. */
export function isRecordedEvent(entry: RecordEntry): entry is RecordedEvent {
  return 'event' in entry
}

/** Reads one line of a record; null for what is none. */
export function parseRecordEntry(line: string): RecordEntry | null {
  try {
    const value: unknown = JSON.parse(line)
    const isEntry = typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'number'
    return isEntry ? (value as RecordEntry) : null
  } catch {
    // a line that is no JSON is no entry: the caller names its file
    return null
  }
}
