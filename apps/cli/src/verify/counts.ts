import { normalizeVersion } from '@bookstore/contract'

/**
 * Reads `v1=600,v2=400`: purchases of each version, whole numbers of at least 0.
 * Throws an Error that says what was expected.
 */
export function parseCounts(text: string): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const entry of text.split(',').map(part => part.trim())) {
    const [, name, count] = /^([^=\s]+)\s*=\s*(\d{1,15})$/.exec(entry) ?? []
    if (name === undefined) throw new Error(`expected counts such as v1=600,v2=400, got "${entry}"`)
    const version = normalizeVersion(name)
    if (counts.has(version)) throw new Error(`expected every version once, got "${version}" twice`)
    counts.set(version, Number(count))
  }
  return Object.fromEntries(counts)
}
