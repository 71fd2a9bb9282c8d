/** How a store misbehaves on demand, in the words of Envoy's fault filter. */
export interface Faults {
  /** Answers with this status instead of selling. */
  readonly abort: { readonly status: number; readonly percent: number } | null
  /** Waits so long before anything else. */
  readonly delay: { readonly ms: number; readonly percent: number } | null
  /** Says at its readiness probe that it is not ready, and sells all the same. */
  readonly unready: boolean
}

/** What a store saw of purchases since its faults were last set. */
export interface SeenPurchases {
  readonly requests: number
  readonly aborted: number
  readonly delayed: number
  /** Most of them under way at the same time. */
  readonly mostInFlight: number
}

/** The answer of `GET /api/faults`. */
export interface FaultReport extends Faults {
  /** Seconds until there are none again; null where there are none, or where they last as long as the store. */
  readonly secondsLeft: number | null
  readonly seen: SeenPurchases
}
