import { isVersionName, normalizeVersion } from './versions.ts'
import { parseWeight, sharesOf, type Weight } from './weight.ts'

/** The declared share of every version; shares are from 0 to 1 and sum to 1. */
export type Split = Readonly<Record<string, number>>

/** Text or weights that declare no split; the message names the value. */
export class SplitError extends Error {
  override readonly name = 'SplitError'
  readonly code = 'BOOKSTORE_BAD_SPLIT'
}

/**
 * Reads `bookstore-v1=50,bookstore-v2=50` (`v1=50` is the same; any names; weights as integers,
 * decimals or Kubernetes quantities). Only the ratio of the weights counts. Throws SplitError.
 */
export function parseSplit(text: string): Split {
  if (text.trim() === '') throw new SplitError('expected a split such as v1=50,v2=50, got nothing')
  return splitFromWeights(text.split(',').map(entry => readEntry(entry, text)))
}

/** The split that [version, weight] pairs declare, for example the backends of a TrafficSplit. Throws SplitError. */
export function splitFromWeights(entries: Iterable<readonly [version: string, weight: string | number]>): Split {
  const weights = new Map<string, Weight>()
  for (const [name, weight] of entries) {
    const version = normalizeVersion(name)
    if (!isVersionName(version)) {
      throw new SplitError(`expected a version name of letters, digits, dots and dashes, got "${name}"`)
    }
    if (weights.has(version)) throw new SplitError(`expected every version once, got "${name}" twice`)
    weights.set(version, readWeight(version, weight))
  }
  if (weights.size === 0) throw new SplitError('expected at least one version, got none')
  if ([...weights.values()].every(weight => weight === 0n)) {
    throw new SplitError(`expected a weight above 0, got 0 for ${[...weights.keys()].join(' and ')}`)
  }
  const shares = sharesOf([...weights.values()])
  for (const [at, version] of [...weights.keys()].entries()) refuseVanishing(version, shares[at] ?? 0)
  return Object.fromEntries([...weights.keys()].map((version, at) => [version, shares[at] ?? 0]))
}

/** Whether two splits declare the same shares, in whatever order they name them. */
export function sameSplit(a: Split, b: Split): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => shareOf(a, name) === shareOf(b, name))
}

/** The declared share of a version; undefined when the split does not name it. */
export function shareOf(split: Split, version: string): number | undefined {
  return Object.hasOwn(split, version) ? split[version] : undefined
}

// 1 minus a share below this is 1: nothing could tell it from a share of 0
const LEAST_SHARE = 1e-15

function refuseVanishing(version: string, share: number): void {
  if (share === 0 || share >= LEAST_SHARE) return
  throw new SplitError(`Weight of ${version}: expected 0, or at least 1e-15 of all weights, got ${share} of them`)
}

function readEntry(entry: string, text: string): readonly [string, string] {
  const [name, weight, ...rest] = entry.split('=').map(part => part.trim())
  if (!name || !weight || rest.length > 0) {
    throw new SplitError(`expected version=weight, got "${entry.trim()}"${entry === text ? '' : ` in "${text}"`}`)
  }
  return [name, weight]
}

function readWeight(version: string, text: string | number): Weight {
  const parsed = parseWeight(String(text))
  if (parsed.ok) return parsed.weight
  throw new SplitError(`Weight of ${version}: ${parsed.message}`)
}
