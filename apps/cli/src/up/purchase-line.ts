import type { Snapshot } from '@bookstore/contract'

/** As much of a shopper's snapshot as a line needs. */
export type Seen = Pick<Snapshot, 'counts' | 'verdict' | 'policies' | 'lastOutcome'>

/** What was bought from whom between two looks, in one line; `null` looks are those that got no answer. */
export function purchaseLine(
  at: Date,
  buyer: readonly [before: Seen | null, now: Seen | null],
  thief: readonly [before: Seen | null, now: Seen | null]
): string {
  const time = at.toTimeString().slice(0, 8)
  const [before, now] = buyer
  if (now === null) return `${time}  the bookbuyer does not answer`
  const { bought, byVersion, denied, failed } = change(before, now)
  const versions = byVersion.map(([version, count]) => `${short(version)} ${count}`).join(', ')
  const parts = [
    `bought ${bought}${versions && ` (${versions})`}`,
    `denied ${denied}`,
    `failed ${failed}`,
    ...thiefPart(thief),
    reason(now, { bought, denied, failed }),
    ...unreadPart(now)
  ]
  return `${time}  ${parts.join(' · ')}`
}

/** Told once when it begins and once when it is over: policies that are declared and not in force, a line each. */
export function problemLines(before: Seen | null, now: Seen | null): readonly string[] {
  if (now === null) return []
  const { problems } = now.policies
  const known = before?.policies.problems ?? []
  if (problems.length === 0 && known.length > 0) return ['          every policy can be read again and is in force']
  const fresh = problems.filter(problem => !known.includes(problem))
  return fresh.map(problem => `          NOT IN FORCE, the last good policies stay: ${problem}`)
}

interface Change {
  readonly bought: number
  readonly denied: number
  readonly failed: number
  readonly byVersion: readonly (readonly [string, number])[]
}

/** The change of the counts; after a reset, what was counted since. */
function change(before: Seen | null, now: Seen): Change {
  const wasReset = before !== null && totalOf(before) > totalOf(now)
  const from = wasReset ? undefined : before?.counts
  return {
    bought: now.counts.bought - (from?.bought ?? 0),
    denied: now.counts.denied - (from?.denied ?? 0),
    failed: now.counts.failed - (from?.failed ?? 0),
    byVersion: Object.entries(now.counts.byVersion)
      .map(([version, count]) => [version, count - (from?.byVersion[version] ?? 0)] as const)
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
  }
}

function totalOf({ counts }: Seen): number {
  return counts.bought + counts.denied + counts.failed
}

function thiefPart([before, now]: readonly [Seen | null, Seen | null]): string[] {
  if (now === null) return []
  const { bought, denied } = change(before, now)
  if (bought > 0) return [`thief stole ${bought}`]
  return denied > 0 ? [`thief denied ${denied}`] : []
}

// the line that told it has scrolled away by now
function unreadPart({ policies: { problems } }: Seen): string[] {
  if (problems.length === 0) return []
  return [`policies NOT IN FORCE: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`]
}

// nothing bought is what a person wants explained first
function reason(now: Seen, { bought, denied, failed }: Pick<Change, 'bought' | 'denied' | 'failed'>) {
  const last = now.lastOutcome?.text ?? 'no reason known'
  if (bought === 0 && denied > 0) {
    return now.policies.denial === null ? last : `denied: ${now.policies.denial}`
  }
  // what is after the semicolon is on the page; a line should fit a terminal
  return bought === 0 && failed > 0 ? last : (now.verdict.reason.split(';')[0] ?? '')
}

function short(version: string): string {
  return version.replace(/^bookstore-(?=v\d)/, '')
}
