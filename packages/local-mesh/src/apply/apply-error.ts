/** Why policies were not put into a folder: `refused` by what it holds, or this program has `no-access` to it. */
export type ApplyFault = 'refused' | 'no-access' | 'bad-name'

/** What could not be applied; the message has one line for each fault. */
export class ApplyError extends Error {
  override readonly name = 'ApplyError'
  readonly fault: ApplyFault

  constructor(fault: ApplyFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}
