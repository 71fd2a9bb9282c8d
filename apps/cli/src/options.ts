import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from './command.ts'
import { didYouMean } from './text/nearest.ts'

type Parsed<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>

/**
 * Reads a command's options and exactly the named positional arguments, or any number of them.
 * @throws UsageError for an option that does not exist, one without its value, and too many or too few arguments
 */
export function readOptions<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  positionals: readonly string[] | 'any' = []
): Parsed<T> {
  const parsed = parse(args, options)
  if (positionals === 'any') return parsed
  const missing = positionals.slice(parsed.positionals.length)
  if (missing.length > 0) throw new UsageError(`expected ${missing.join(' ')}, got the end of the line`)
  const surplus = parsed.positionals[positionals.length]
  if (surplus !== undefined) throw new UsageError(`expected an option, got "${surplus}"`)
  return parsed
}

/** The value when it is one of the choices. @throws UsageError naming the option */
export function oneOf<const T extends string>(option: string, value: string, choices: readonly T[]): T {
  const choice = choices.find(candidate => candidate === value)
  if (choice !== undefined) return choice
  throw new UsageError(`${option}: expected ${choices.join(' or ')}, got "${value}"${didYouMean(value, choices)}`)
}

/** A number between the bounds, both of them excluded. @throws UsageError naming the option */
export function numberBetween(option: string, value: string, min: number, max: number): number {
  const number = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (number > min && number < max) return number
  throw new UsageError(`${option}: expected a number between ${min} and ${max}, got "${value}"`)
}

/** A whole number from min to max. @throws UsageError naming the option */
export function wholeNumber(option: string, value: string, min: number, max: number): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  throw new UsageError(`${option}: expected a whole number from ${min} to ${max}, got "${value}"`)
}

/** An HTTP address without a slash at its end. @throws UsageError naming the option */
export function httpUrl(option: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash) {
    return url.href.replace(/\/+$/, '')
  }
  throw new UsageError(`${option}: expected an address such as http://127.0.0.1:14001, got "${value}"`)
}

/** What `parse` makes of the value; its error becomes a UsageError that names the option. */
export function parsedBy<T>(option: string, value: string, parse: (value: string) => T): T {
  try {
    return parse(value)
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`, { cause: error })
  }
}

function parse<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error
    // a value that begins with a dash is taken for an option: say how to give one
    const [, option] = /Option '(?:-\w, )?(--[\w-]+)[^']*' argument is ambiguous/.exec(message) ?? []
    if (option)
      throw new UsageError(`${option}: write ${option}=VALUE for a value with a dash in front`, {
        cause: error
      })
    // Node's further sentences are about programming with parseArgs
    const [said = message] = message.split(/[.\n]/)
    const [, unknown] = /^Unknown option '--([\w-]+)'/.exec(said) ?? []
    const hint = unknown === undefined ? '' : didYouMean(unknown, Object.keys(options)).replace('mean ', 'mean --')
    throw new UsageError(said + hint, { cause: error })
  }
}
