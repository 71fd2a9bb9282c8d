/** What changed in what is in force, in plain words. */
export interface Difference {
  /** When, ISO 8601. */
  readonly at: string
  /** In whose words: `changed trafficsplit.bookstore.bookstore-split.yaml`. */
  readonly text: string
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** What is in force at a time. */
export interface Standing {
  readonly at: string
  readonly text: string
  readonly lines: readonly string[]
}

// objects of one file arrive one after the other, from a cluster as from a folder
const TOGETHER_MS = 3_000

/** Follows what is in force, and tells the last change of it; several within three seconds are one. */
export function createDifferences() {
  let before: Standing | undefined
  let latest: Standing | undefined

  return (now: Standing): Difference | null => {
    if (latest !== undefined && now.at !== latest.at) {
      const isOngoing = before !== undefined && Date.parse(now.at) - Date.parse(latest.at) < TOGETHER_MS
      if (!isOngoing) before = latest
    }
    latest = now
    return before === undefined ? null : differenceOf(before, now)
  }
}

function differenceOf(before: Standing, now: Standing): Difference {
  const without = (lines: readonly string[], others: readonly string[]) => lines.filter(line => !others.includes(line))
  return {
    at: now.at,
    text: now.text,
    removed: without(before.lines, now.lines),
    added: without(now.lines, before.lines)
  }
}
