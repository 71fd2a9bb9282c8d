import type { Faults } from '@bookstore/contract'

/** What becomes of one request. */
export interface DrawnFault {
  readonly delayMs: number
  /** Status of the answer instead of a sale; null sells. */
  readonly status: number | null
}

export const NO_FAULTS: Faults = { abort: null, delay: null, unready: false }

const LONGEST_DELAY_MS = 60_000

/**
 * Reads `{"abort":{"status":503,"percent":30},"delay":{"ms":800,"percent":10},"unready":true}`; each may be absent.
 * @throws Error that names the field, what was expected and what was got
 */
export function readFaults(value: unknown): Faults {
  const { abort, delay, unready = false } = fieldsOf('', value, ['abort', 'delay', 'unready'])
  return {
    abort: abort == null ? null : readAbort(abort),
    delay: delay == null ? null : readDelay(delay),
    unready: flagOf('unready', unready)
  }
}

/** Draws the faults of one request, each by itself; `random` gives numbers from 0 to below 1. */
export function drawFault({ abort, delay }: Pick<Faults, 'abort' | 'delay'>, random: () => number): DrawnFault {
  const hits = (percent: number) => random() * 100 < percent
  return {
    delayMs: delay !== null && hits(delay.percent) ? delay.ms : 0,
    status: abort !== null && hits(abort.percent) ? abort.status : null
  }
}

/** `answers 503 to 30 % of purchases, 800 ms late for 10 %`; '' where there are none. */
export function describeFaults({ abort, delay, unready }: Faults): string {
  return [
    ...(abort ? [`answers ${abort.status} to ${abort.percent} % of purchases`] : []),
    ...(delay ? [`is ${delay.ms} ms late for ${delay.percent} %`] : []),
    ...(unready ? ['says that it is not ready'] : [])
  ].join(', ')
}

function readAbort(value: unknown): Faults['abort'] {
  const { status, percent } = fieldsOf('abort', value, ['status', 'percent'])
  return {
    status: numberOf('abort.status', status, { min: 400, max: 599, whole: true }),
    percent: percentOf('abort.percent', percent)
  }
}

function readDelay(value: unknown): Faults['delay'] {
  const { ms, percent } = fieldsOf('delay', value, ['ms', 'percent'])
  return {
    ms: numberOf('delay.ms', ms, { min: 1, max: LONGEST_DELAY_MS, whole: true }),
    percent: percentOf('delay.percent', percent)
  }
}

function flagOf(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new Error(`${name}: expected true or false, got ${shown(value)}`)
}

function percentOf(name: string, value: unknown): number {
  return numberOf(name, value, { min: 0, max: 100, whole: false })
}

function numberOf(
  name: string,
  value: unknown,
  { min, max, whole }: { readonly min: number; readonly max: number; readonly whole: boolean }
): number {
  const fits = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))
  if (fits) return value
  throw new Error(`${name}: expected a ${whole ? 'whole ' : ''}number from ${min} to ${max}, got ${shown(value)}`)
}

function fieldsOf(name: string, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  const place = name === '' ? '' : `${name}: `
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${place}expected an object with ${known.join(', ')}, got ${shown(value)}`)
  }
  const stranger = Object.keys(value).find(key => !known.includes(key))
  if (stranger !== undefined) {
    throw new Error(`${place}expected only ${known.join(', ')}, got ${shown(stranger)}`)
  }
  return value as Record<string, unknown>
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? 'nothing'
}
