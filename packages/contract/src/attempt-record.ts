/** What a shopper keeps of one attempt of a burst. */
export interface AttemptRecord {
  /** When it was sent, ms since the start of the burst. */
  readonly at: number
  /** How long it took in ms. */
  readonly ms: number
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  readonly outcome: 'bought' | 'denied' | 'failed'
  /** Version of the store that answered; '' where none did. */
  readonly version: string
  /** Instance of the store that answered (`Bookstore-Instance`); '' where none did. */
  readonly instance: string
  /** Whether a proxy answered that it is overloaded (`x-envoy-overloaded`). */
  readonly isOverload: boolean
}

/** What came of a request to a host outside the mesh. */
export interface EgressRecord {
  readonly url: string
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  /** Code of the error where no answer came; '' otherwise. */
  readonly error: string
  /** Whether Envoy wrote the answer itself, without asking anybody. */
  readonly isFromProxy: boolean
}
