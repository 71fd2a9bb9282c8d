/** Counts by label, with a bound on labels because they come from the wire; what does not fit is counted as `other`. */
export interface BoundedCounter {
  add(label: string): void
  counts(): Readonly<Record<string, number>>
  total(): number
  clear(): void
}

export function createBoundedCounter({ maxLabels = 32 }: { readonly maxLabels?: number } = {}): BoundedCounter {
  const counts = new Map<string, number>()
  let total = 0
  return {
    add(label) {
      const key = counts.has(label) || counts.size < maxLabels ? label : 'other'
      counts.set(key, (counts.get(key) ?? 0) + 1)
      total++
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))),
    total: () => total,
    clear() {
      counts.clear()
      total = 0
    }
  }
}
