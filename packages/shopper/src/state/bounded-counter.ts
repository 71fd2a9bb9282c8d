/** Counts by label, with a bound on labels because they come from the wire; what does not fit is counted as `other`. */
export interface BoundedCounter {
  add(label: string): void
  counts(): Readonly<Record<string, number>>
  total(): number
  clear(): void
}

export function createBoundedCounter({ maxLabels = 32 }: { readonly maxLabels?: number } = {}): BoundedCounter {
  const counts = new Map<string, number>()
  let bound = createLabelBound({ maxLabels })
  let total = 0
  return {
    add(label) {
      const key = bound(label)
      counts.set(key, (counts.get(key) ?? 0) + 1)
      total++
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))),
    total: () => total,
    clear() {
      counts.clear()
      bound = createLabelBound({ maxLabels })
      total = 0
    }
  }
}

/** Gives the first `maxLabels` labels as they are, and `other` for each further one. */
export function createLabelBound({ maxLabels = 32 }: { readonly maxLabels?: number } = {}): (label: string) => string {
  const known = new Set<string>()
  return label => {
    if (known.has(label)) return label
    if (known.size >= maxLabels) return 'other'
    known.add(label)
    return label
  }
}
