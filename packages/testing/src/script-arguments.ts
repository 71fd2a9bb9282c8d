import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** Exit code of a script that could not begin, as that of the CLI. */
export const COULD_NOT_RUN = 3

/** What a script may be given. */
export interface ScriptArguments<T extends ParseArgsOptionsConfig> {
  /** What `--help` prints. */
  readonly help: string
  readonly options?: T
  /** How many arguments without a dash it takes; none when left out. */
  readonly most?: number
}

type Read<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>

/**
 * Runs a script with what it was given. `--help` prints its help; a mistake, such as one that `main` throws as a
 * RangeError, is one sentence and ends with code 3.
 */
export async function runScript<const T extends ParseArgsOptionsConfig>(
  { help, options, most = 0 }: ScriptArguments<T>,
  main: (given: Read<T>) => Promise<number>
): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) {
    console.log(help)
    return
  }
  try {
    process.exitCode = await main(readArguments(args, options ?? ({} as T), most))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    console.error(`${error.message}; --help tells more`)
    process.exitCode = COULD_NOT_RUN
  }
}

/** A number of at least `min`. @throws RangeError that names the option and the value */
export function numberOf(option: string, text: string, min: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value >= min) return value
  throw new RangeError(`${option}: expected a number of at least ${min}, got "${text}"`)
}

function readArguments<const T extends ParseArgsOptionsConfig>(args: string[], options: T, most: number): Read<T> {
  const given = parse(args, options)
  const surplus = given.positionals[most]
  if (surplus !== undefined) throw new RangeError(`expected ${most === 0 ? 'options' : 'no more'}, got "${surplus}"`)
  return given
}

function parse<const T extends ParseArgsOptionsConfig>(args: string[], options: T): Read<T> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error
    throw new RangeError(message.split(/[.\n]/)[0] ?? message, { cause: error })
  }
}
