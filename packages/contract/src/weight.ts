/** A weight in billionths (nano), the finest step of a Kubernetes quantity: exact, never a float. */
export type Weight = bigint

const unit = 1_000_000_000n
const largest = 9_223_372_036_854_775_807n * unit
const longestText = 64
const quantity = /^([+-]?)(\d+)?(?:\.(\d*))?([eE][+-]?\d{1,3}|[a-zA-Z]{0,2})$/

const decimalExponents: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18]
])
const binaryExponents: ReadonlyMap<string, bigint> = new Map([
  ['Ki', 10n],
  ['Mi', 20n],
  ['Gi', 30n],
  ['Ti', 40n],
  ['Pi', 50n],
  ['Ei', 60n]
])

export type ParsedWeight =
  | { readonly ok: true; readonly weight: Weight }
  | { readonly ok: false; readonly message: string }

/**
 * Reads a weight: an integer or a Kubernetes quantity (`50`, `500m`, `0.5`, `1k`, `2Ki`, `1e3`), exactly.
 * Refuses, by saying so, what is empty, negative, no quantity, finer than `1n` or beyond 2^63.
 * Format: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseWeight(text: string): ParsedWeight {
  const wanted = 'expected a weight such as 50, 0, 500m or 1k'
  if (text === '') return { ok: false, message: `${wanted}, got an empty text` }
  if (text.length > longestText) {
    return { ok: false, message: `${wanted}, got ${text.length} characters` }
  }
  const parts = quantity.exec(text)
  const [, sign = '', whole = '', fraction = '', suffix = ''] = parts ?? []
  if (parts === null || whole + fraction === '') {
    return { ok: false, message: `${wanted}, got ${JSON.stringify(text)}` }
  }
  const scaled = scale(whole, fraction, suffix)
  if (typeof scaled === 'string') return { ok: false, message: `${wanted}, got ${text}: ${scaled}` }
  if (sign === '-' && scaled > 0n) {
    return { ok: false, message: `expected a weight of 0 or more, got ${text}` }
  }
  return { ok: true, weight: scaled }
}

/** Writes a weight as a plain decimal that `parseWeight` reads back to the same weight. */
export function formatWeight(weight: Weight): string {
  const fraction = (weight % unit).toString().padStart(9, '0').replace(/0+$/, '')
  return fraction === '' ? `${weight / unit}` : `${weight / unit}.${fraction}`
}

/**
 * Gives each weight's part of the whole (0 to 1), the same for every spelling of one ratio. They sum to 1
 * within a float's rounding; a weight of 0 gets exactly 0 and no other weight does. Throws a RangeError when
 * no weight is above 0: the parser refuses such a set.
 */
export function sharesOf(weights: readonly Weight[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  if (total <= 0n) throw new RangeError('expected at least one weight above 0, got none')
  // without what they have in common, equal ratios are equal numbers before they are rounded
  const common = weights.reduce(greatestCommonDivisor, total)
  return weights.map(weight => Number(weight / common) / Number(total / common))
}

/**
 * Whole numbers in the ratio of the weights: the weights themselves where all are whole, else the smallest ones. For
 * kinds that know no fractions (Istio, Gateway API).
 */
export function wholeNumbersOf(weights: readonly Weight[]): bigint[] {
  if (weights.every(weight => weight % unit === 0n)) return weights.map(weight => weight / unit)
  const common = weights.reduce(greatestCommonDivisor, 0n)
  return weights.map(weight => weight / common)
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}

function scale(whole: string, fraction: string, suffix: string): Weight | string {
  const binary = binaryExponents.get(suffix)
  const exponent = /^[eE][+-]?\d/.test(suffix) ? Number(suffix.slice(1)) : decimalExponents.get(suffix)
  if (binary === undefined && exponent === undefined) return `no unit ${suffix}`
  const shift = 9 + (exponent ?? 0) - fraction.length
  const digits = BigInt(whole + fraction) << (binary ?? 0n)
  const power = 10n ** BigInt(Math.abs(shift))
  if (shift < 0 && digits % power !== 0n) return 'finer than 1n'
  const weight = shift < 0 ? digits / power : digits * power
  return weight > largest ? 'too large' : weight
}
