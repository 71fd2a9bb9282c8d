import { EXIT } from './exit-codes.ts'

/** What a command may use of the world around it; main.ts makes it from the process, tests from what they like. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Folder of the whole project; where the bookstore's own files are. */
  readonly root: string
  /** Fires when the person or the process that started us wants an end. */
  readonly stop: AbortSignal
  /** Whether standard error is a terminal that shows progress. */
  readonly isTerminal: boolean
  /** How many characters a line of standard output holds; Infinity where it is no terminal. */
  readonly columns: number
  readonly input: AsyncIterable<Buffer | string>
  /** Writes one line to standard output. */
  out(line: string): void
  /** Writes to standard error, as it is. */
  err(text: string): void
}

export interface Command {
  readonly name: string
  /** One line for `bookstore --help`. */
  readonly summary: string
  readonly help: string
  /** Runs and gives the exit code. */
  run(args: readonly string[], context: Context): Promise<number>
}

/** A mistake on the command line; the message says what was expected and got. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'CLI_USAGE'
}

/**
 * What a command could not do, or refuses to do (then with exit code 1): its message is for the person at the terminal,
 * one line for each fault.
 */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code = 'CLI_FAILED'
  readonly exitCode: number

  constructor(
    message: string,
    { exitCode = EXIT.COULD_NOT_RUN, cause }: { exitCode?: number | undefined; cause?: unknown } = {}
  ) {
    super(message, { cause })
    this.exitCode = exitCode
  }
}
