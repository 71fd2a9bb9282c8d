import { declaredPercent, percent, type SplitVerdict, type Status } from '@bookstore/contract'
import { table } from './table.ts'

const WORDS: Readonly<Record<Status, string>> = { pass: 'PASS', fail: 'FAIL', pending: 'NOT YET' }

/** Why no verdict is an answer while policies are not in force. */
export const UNREADABLE = 'what is declared now cannot be read: mend it, or give --allow-unreadable-policies'

/** What stands above verdicts that are no answer. */
export const NOT_JUDGED = `NOT JUDGED  ${UNREADABLE}; by the last good policies:`

/** `PASS`, `FAIL` or `NOT YET`. */
export function statusWord(status: Status): string {
  return WORDS[status]
}

/** The exit code of a verdict: 0 pass, 1 fail, 2 not enough data. */
export function exitCodeOf(status: Status): number {
  return { pass: 0, fail: 1, pending: 2 }[status]
}

/** The versions of a split verdict as a table, and the likely causes below it. */
export function splitDetails({ versions, causes }: SplitVerdict): string {
  const rows = versions.map(({ version, declared, share, low, high, count, unknown }) => [
    unknown ? `${version} (not declared)` : version,
    String(count),
    percent(share, 1),
    `${percent(low, 1)} to ${percent(high, 1)}`,
    declared === null ? '-' : declaredPercent(declared)
  ])
  const seen = table(['version', 'count', 'share', 'surely between', 'declared'], rows)
  return [seen, ...causes.map(({ text }) => `likely cause: ${text}`)].join('\n')
}
