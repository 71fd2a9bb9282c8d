/**
 * One or more settings that could not be read; `message` has one line for each, every line names the setting, what was
 * expected and what was got.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'CONFIG_INVALID'

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
  }
}

/** Environment variables as `process.env` gives them; an empty value means the default. */
export type Env = Readonly<Record<string, string | undefined>>

/** Reads one setting at a time and remembers what is wrong, so that all faults are told at once. */
export interface SettingReader {
  text(name: string, fallback: string): string
  optionalText(name: string): string | undefined
  integer(name: string, fallback: number, range?: Range): number
  decimal(name: string, fallback: number, range?: Range): number
  choice<const T extends string>(name: string, choices: readonly T[], fallback: NoInfer<T>): T
  /** A whole HTTP origin such as `http://127.0.0.1:14001`, without path; undefined when unset. */
  origin(name: string): string | undefined
  /** `parse` throws an Error whose message says what was expected. */
  parsed<T>(name: string, parse: (value: string) => T): T | undefined
}

/** Inclusive bounds of a number. */
export interface Range {
  readonly min?: number
  readonly max?: number
}

/**
 * Runs `read` over the environment and returns what it built.
 * @throws ConfigError with every fault found, not only the first
 */
export function readConfig<T>(env: Env, read: (settings: SettingReader) => T): T {
  const faults: string[] = []
  const result = read(createReader(env, faults))
  if (faults.length > 0) throw new ConfigError(faults)
  return result
}

function createReader(env: Env, faults: string[]): SettingReader {
  const valueFor = (name: string) => env[name] || undefined
  const read = <T>(name: string, fallback: T, parse: (value: string) => T): T => {
    const value = valueFor(name)
    if (value === undefined) return fallback
    try {
      return parse(value)
    } catch (error) {
      const message = bounded(hidden((error as Error).message.replace(/\s+/g, ' ')))
      // some parsers say themselves what they got
      faults.push(/\bgot\b/.test(message) ? `${name}: ${message}` : `${name}: ${message}, got ${shown(value)}`)
      return fallback
    }
  }
  return {
    text: (name, fallback) => valueFor(name) ?? fallback,
    optionalText: valueFor,
    integer: (name, fallback, range = {}) => read(name, fallback, v => parseInteger(v, range)),
    decimal: (name, fallback, range = {}) => read(name, fallback, v => parseDecimal(v, range)),
    choice: (name, choices, fallback) => read(name, fallback, v => parseChoice(v, choices)),
    origin: name => read(name, undefined, parseOrigin),
    parsed: (name, parse) => read(name, undefined, parse)
  }
}

function shown(value: string): string {
  return JSON.stringify(bounded(hidden(value)))
}

// a URL may hold a password
function hidden(text: string): string {
  return text.replace(/\/\/[^/]*@/g, '//…@')
}

// a mistake may be as long as a file, and so may the message of a parser that repeats it
function bounded(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** A whole number in the range; an Error that says what was expected otherwise. */
export function parseInteger(value: string, { min, max }: Range = {}): number {
  const number = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(number) || number < (min ?? -Infinity) || number > (max ?? Infinity)) {
    throw new Error(`expected a whole number${inWords(min, max)}`)
  }
  return number
}

/**
 * A name of a Service or namespace, which becomes part of a host name; an Error that says what was expected otherwise.
 */
export function parseDnsName(name: string): string {
  if (name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return name
  throw new Error('expected a name of lower case letters, digits and hyphens')
}

function parseDecimal(value: string, { min, max }: Range): number {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isFinite(number) || number < (min ?? -Infinity) || number > (max ?? Infinity)) {
    throw new Error(`expected a number${inWords(min, max)}`)
  }
  return number
}

function inWords(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of at least ${min}`
  return max === undefined ? '' : ` of at most ${max}`
}

function parseChoice<T extends string>(value: string, choices: readonly T[]): T {
  const choice = choices.find(candidate => candidate === value)
  if (choice === undefined) throw new Error(`expected one of ${choices.map(one => one || 'nothing').join(', ')}`)
  return choice
}

function parseOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isOrigin = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search
  if (!isOrigin || url.username || url.hash) {
    throw new Error('expected an origin such as http://127.0.0.1:14001')
  }
  return url.origin
}
