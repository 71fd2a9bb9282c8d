import {
  about,
  formatSplit,
  percent,
  points,
  purchases,
  rarely,
  type Status,
  tolerancePoints,
  type VersionVerdict,
  whole
} from '@bookstore/contract'
import type { Change } from './change.ts'
import type { Evidence } from './evidence.ts'

/** What the reason is worded from. */
export interface ReasonFacts {
  readonly status: Status
  readonly tolerance: number
  readonly missing: number | null
  readonly versions: readonly VersionVerdict[]
  readonly change: Change | undefined
}

// An e-value of 10 is called substantial evidence and not yet an alarm.
const LOG_DOUBTFUL = Math.log(10)

/** The verdict in words that a classroom understands. */
export function splitReason(evidence: Evidence, facts: ReasonFacts): string {
  if (evidence.declared === null) return withoutDeclaration(evidence)
  if (evidence.total === 0) return 'nothing bought yet'
  const split = formatSplit(evidence.declared)
  if (facts.status === 'pass') return passed(split, evidence, facts)
  return facts.status === 'fail' ? failed(split, evidence, facts) : pending(split, evidence, facts)
}

function withoutDeclaration({ total }: Evidence): string {
  return `no split is declared${total === 0 ? '' : `; ${purchases(total)} counted`}`
}

function passed(split: string, { total }: Evidence, { tolerance, versions }: ReasonFacts): string {
  return (
    `matches ${split}: ${plusMinus(mostDeviating(versions))} after ${purchases(total)}; ` +
    `every version is within ± ${tolerancePoints(tolerance)} points of its declared share`
  )
}

function pending(split: string, evidence: Evidence, facts: ReasonFacts): string {
  const seen = `${plusMinus(mostDeviating(facts.versions))} after ${purchases(evidence.total)}`
  if (evidence.logE >= LOG_DOUBTFUL) return `perhaps not ${split}, but not proven yet: ${seen}`
  const goal = `to be sure within ± ${tolerancePoints(facts.tolerance)} points`
  const outlook = facts.missing === null ? '' : `; about ${about(facts.missing)} more ${goal}`
  return `consistent with ${split} so far: ${seen}${unseen(facts.versions)}${outlook}`
}

/** Of use only where the share is so small that it is no surprise yet. */
function unseen(versions: readonly VersionVerdict[]): string {
  const names = versions.filter(({ declared, count }) => (declared ?? 0) > 0 && count === 0)
  return names.map(({ version }) => `; ${version} has not answered yet`).join('')
}

function failed(split: string, evidence: Evidence, facts: ReasonFacts): string {
  const impossible = facts.versions.filter(({ declared, count }) => declared === 0 && count > 0)
  if (impossible.length > 0) return impossibleSales(impossible)
  const most = mostDeviating(facts.versions)
  const chance = `a correct split would look this far off ${rarely(evidence.alpha)}`
  // After a long correct run the whole still looks right; then what counts is what came since.
  if (facts.change !== undefined && contains(most)) return noLonger(split, evidence, facts.change)
  if (contains(most) && evidence.alarmAt !== null) return strayed(split, evidence, most)
  const seen = `${most.version} got ${percent(most.share)} of ${purchases(evidence.total)}`
  return `not ${split}: ${seen} ${range(most)}; ${chance}`
}

function strayed(split: string, evidence: Evidence, most: VersionVerdict): string {
  return (
    `not steadily ${split}: by purchase ${whole(evidence.alarmAt ?? 0)} the shares had strayed ` +
    `further than correct ones do ${rarely(evidence.alpha)}; over all ` +
    `${purchases(evidence.total)} ${most.version} got ${percent(most.share)} ${range(most)}`
  )
}

function noLonger(split: string, { total, alpha }: Evidence, change: Change): string {
  return (
    `no longer ${split}: ${change.version} got ${percent(change.after)} of the last ` +
    `${purchases(total - change.purchase)}, ${percent(change.before)} before; ` +
    `a correct split would look this far off ${rarely(alpha)}`
  )
}

function contains({ declared, low, high }: VersionVerdict): boolean {
  return declared !== null && low < declared && declared < high
}

function range({ low, high }: VersionVerdict): string {
  return `(between ${percent(low)} and ${percent(high)})`
}

// a balancer that invents a version for every purchase must not fill the screen
function impossibleSales(sold: readonly VersionVerdict[]): string {
  const named = sold.slice(0, 3).map(impossibleSale).join('; ')
  return sold.length > 3 ? `${named}; and ${sold.length - 3} more versions that were not to sell` : named
}

function impossibleSale({ version, count, unknown }: VersionVerdict): string {
  return unknown
    ? `${version} is not in the declared split and sold ${whole(count)}`
    : `${version} was declared 0 and sold ${whole(count)}`
}

function plusMinus({ version, share, low, high }: VersionVerdict): string {
  return `${version} ${percent(share)} ± ${points(Math.max(high - share, share - low))}`
}

/** The version that is furthest from its declared share, the first declared one among equals. */
function mostDeviating(versions: readonly VersionVerdict[]): VersionVerdict {
  const deviation = ({ share, declared }: VersionVerdict) => Math.abs(share - (declared ?? 0))
  // Of two versions both are equally far off, up to rounding that must not choose between them.
  return versions.reduce((most, next) => (deviation(next) > deviation(most) + 1e-9 ? next : most))
}
