import { parseSplit, type Split, SplitError } from './split.ts'
import { isVersionName, normalizeVersion } from './versions.ts'

/** The shares from `low` to `high` that are right for each version, from 0 to 1. */
export type Ranges = Readonly<Record<string, { readonly low: number; readonly high: number }>>

/** What a person expects of a split. */
export interface Expectation {
  /** The exact shares; with ranges, shares that lie within all of them and sum to 1. */
  readonly split: Split
  /** Undefined where exact weights are expected. */
  readonly ranges: Ranges | undefined
}

const RANGE = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)$/

/**
 * Reads `v1=50,v2=50` as parseSplit does, or ranges in percent: `v1=88..92,v2=8..12`, one for every version.
 * Throws SplitError.
 */
export function parseExpectation(text: string): Expectation {
  if (!text.includes('..')) return { split: parseSplit(text), ranges: undefined }
  const ranges = new Map<string, { readonly low: number; readonly high: number }>()
  for (const entry of text.split(',').map(part => part.trim())) {
    const [name = '', range = ''] = entry.split('=').map(part => part.trim())
    const [, low, high] = RANGE.exec(range) ?? []
    const version = normalizeVersion(name)
    if (!isVersionName(version) || low === undefined || high === undefined) {
      throw new SplitError(`expected a range for every version, such as v1=88..92,v2=8..12, got "${entry}"`)
    }
    if (ranges.has(version)) throw new SplitError(`expected every version once, got "${name}" twice`)
    if (Number(low) > Number(high) || Number(high) > 100) {
      throw new SplitError(`Range of ${version}: expected a lower and a higher end from 0 to 100, got ${range}`)
    }
    ranges.set(version, { low: Number(low) / 100, high: Number(high) / 100 })
  }
  return { split: splitWithin([...ranges], text), ranges: Object.fromEntries(ranges) }
}

/** The shares that lie equally far along each range, so that they sum to 1. */
function splitWithin(ranges: readonly (readonly [string, Ranges[string]])[], text: string): Split {
  const sumOf = (end: 'low' | 'high') => ranges.reduce((sum, [, range]) => sum + (range?.[end] ?? 0), 0)
  const [low, high] = [sumOf('low'), sumOf('high')]
  const rounding = 1e-9
  if (low > 1 + rounding || high < 1 - rounding) {
    throw new SplitError(`expected ranges that 100 % fit into, got ${text}: together ${low * 100} to ${high * 100} %`)
  }
  const along = high === low ? 0 : (1 - low) / (high - low)
  return Object.fromEntries(
    ranges.map(([version, range]) => {
      const { low: from = 0, high: to = 0 } = range ?? {}
      return [version, from + along * (to - from)]
    })
  )
}

/** `88..92/8..12`, or `50/50` as formatSplit has it. */
export function formatRanges(ranges: Ranges): string {
  const percent = (share: number) => String(Number((share * 100).toFixed(4)))
  return Object.values(ranges)
    .map(({ low, high }) => `${percent(low)}..${percent(high)}`)
    .join('/')
}
