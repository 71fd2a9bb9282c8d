/** Gives numbers from 0 up to but not including 1. */
export type Random = () => number

/**
 * A small seeded generator, so that a simulation can be repeated: SplitMix (Steele, Lea & Flood,
 * "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014) in 32 bits, with the finalizer of
 * MurmurHash3 as its mix. Period 2^32.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}

/** Draws a version with the given shares; shares sum to 1. */
export function drawVersion(split: Readonly<Record<string, number>>, random: Random): string {
  const names = Object.keys(split)
  let left = random()
  for (const name of names) {
    left -= split[name] ?? 0
    if (left < 0) return name
  }
  // Rounding may leave a sliver above the last share.
  return names.findLast(name => (split[name] ?? 0) > 0) ?? ''
}

/** Draws versions with the given shares over and over, quicker than drawVersion does. */
export function versionDrawer(split: Readonly<Record<string, number>>, random: Random): () => string {
  const names = Object.keys(split).filter(name => (split[name] ?? 0) > 0)
  let sum = 0
  const edges = names.map(name => (sum += split[name] ?? 0))
  const last = names.length - 1
  return () => {
    const drawn = random()
    let at = 0
    while (at < last && drawn >= (edges[at] ?? 1)) at += 1
    return names[at] ?? ''
  }
}
