import { isDeepStrictEqual } from 'node:util'

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
const TOGETHER_MS = 1_000

/**
 * Follows what is in force, and tells the last change of it. Several that follow each other within a second are one,
 * unless they take each other back.
 */
export function createDifferences() {
  let before: Standing | undefined
  let latest: Standing | undefined

  return (now: Standing): Difference | null => {
    if (latest !== undefined && now.at !== latest.at) {
      const isOngoing = before !== undefined && Date.parse(now.at) - Date.parse(latest.at) < TOGETHER_MS
      if (!isOngoing || isSame(before, now)) before = latest
    }
    latest = now
    return before === undefined ? null : differenceOf(before, now)
  }
}

function isSame(before: Standing | undefined, now: Standing): boolean {
  return before !== undefined && isDeepStrictEqual(before.lines, now.lines)
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
