/** Why a promise cannot be proven from here, and what would help. */
export class CannotSee extends Error {
  override readonly name = 'CannotSee'
  readonly code: string = 'PROMISE_CANNOT_BE_SEEN'
  /** '' where nothing would. */
  readonly todo: string

  constructor(reason: string, todo = '', cause?: unknown) {
    super(reason, { cause })
    this.todo = todo
  }
}

/** What is in the way of a proof that could be made from here: the promise is not known, which is no reason to go on. */
export class Hindered extends CannotSee {
  override readonly code = 'PROMISE_HINDERED'
}
