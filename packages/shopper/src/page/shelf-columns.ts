import type { TimelineBucket } from '@bookstore/contract'

/** Some seconds of shopping, summed. */
export interface ShelfColumn {
  readonly byVersion: Readonly<Record<string, number>>
  readonly bought: number
  readonly denied: number
  readonly failed: number
}

/** How the time is cut up. */
export interface ShelfSpan {
  /** Start of the first column, ms since the epoch. */
  readonly from: number
  readonly columns: number
  readonly columnMs: number
}

/**
 * The span of `columns` columns that ends with the one of `now`; columns begin at full multiples, so that they do not
 * change as time goes by.
 */
export function spanUntil(now: number, { columns = 80, columnMs = 3000 } = {}): ShelfSpan {
  const last = Math.floor(now / columnMs) * columnMs
  return { from: last - (columns - 1) * columnMs, columns, columnMs }
}

/** The buckets of a span, summed by column; a column without purchases is empty. */
export function toColumns(
  timeline: readonly TimelineBucket[],
  { from, columns, columnMs }: ShelfSpan
): readonly ShelfColumn[] {
  const groups = Array.from({ length: columns }, (): TimelineBucket[] => [])
  for (const bucket of timeline) groups[Math.floor((bucket.at - from) / columnMs)]?.push(bucket)
  return groups.map(sumBuckets)
}

/** The versions in the columns, by name and number: v2 before v10. */
export function versionsIn(columns: readonly ShelfColumn[]): readonly string[] {
  const names = new Set(columns.flatMap(column => Object.keys(column.byVersion)))
  return sortVersions([...names])
}

/** Names in the order of their numbers. */
export function sortVersions(names: readonly string[]): readonly string[] {
  return [...names].sort(new Intl.Collator('en', { numeric: true }).compare)
}

function sumBuckets(buckets: readonly TimelineBucket[]): ShelfColumn {
  const byVersion: Record<string, number> = {}
  for (const bucket of buckets) {
    for (const [version, number] of Object.entries(bucket.byVersion)) {
      byVersion[version] = (byVersion[version] ?? 0) + number
    }
  }
  return {
    byVersion,
    bought: sum(Object.values(byVersion)),
    denied: sum(buckets.map(bucket => bucket.denied)),
    failed: sum(buckets.map(bucket => bucket.failed))
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
