/** Why a promise cannot be proven from here, and what would help. */
export class CannotSee extends Error {
  override readonly name = 'CannotSee'
  readonly code = 'PROMISE_CANNOT_BE_SEEN'
  /** '' where nothing would. */
  readonly todo: string

  constructor(reason: string, todo = '', cause?: unknown) {
    super(reason, { cause })
    this.todo = todo
  }
}
