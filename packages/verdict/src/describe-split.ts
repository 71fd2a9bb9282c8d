import {
  about,
  formatRanges,
  formatSplit,
  percent,
  points,
  purchases,
  rarely,
  type SplitVerdict,
  type Status,
  tolerancePoints,
  type VersionVerdict,
  whole
} from '@bookstore/contract'
import { sharesAround } from './change.ts'
import type { Evidence } from './evidence.ts'
import { type Interval, shareInterval } from './interval.ts'
import { stretchTallies } from './stretch.ts'
import { passes, shareEvidence } from './sureness.ts'

/** What the reason is worded from. */
export interface ReasonFacts {
  readonly status: Status
  readonly missing: number | null
  readonly versions: readonly VersionVerdict[]
}

// An e-value of 10 is called substantial evidence and not yet an alarm.
const LOG_DOUBTFUL = Math.log(10)

/** The verdict in words that a classroom understands. */
export function splitReason(evidence: Evidence, facts: ReasonFacts): string {
  if (evidence.declared === null) return withoutDeclaration(evidence)
  if (evidence.total === 0) return 'nothing bought yet'
  const split = expectedText(evidence)
  if (facts.status === 'pass') return passed(split, evidence, facts)
  return facts.status === 'fail' ? failed(split, evidence, facts) : pending(split, evidence, facts)
}

/** What is expected, in short: `50/50`, or ranges such as `88..92/8..12`. */
export function expectedText({ declared, ranges }: Pick<Evidence, 'declared' | 'ranges'>): string {
  return ranges ? formatRanges(ranges) : formatSplit(declared ?? {})
}

/**
 * The reason, and while a split looks right so far also how many purchases may still be missing. That number goes up
 * and down with luck, so a page shows `passRange` instead, which stands still.
 */
export function reasonWithOutlook({ status, reason, missing, alarmAt, logE }: SplitVerdict): string {
  const looksRight = status === 'pending' && alarmAt === null && logE < LOG_DOUBTFUL
  if (!looksRight || missing === null) return reason
  return `${reason}; about ${about(missing)} more to be sure`
}

function withoutDeclaration({ total }: Evidence): string {
  return `no split is declared${total === 0 ? '' : `; ${purchases(total)} counted`}`
}

function passed(split: string, evidence: Evidence, { versions }: ReasonFacts): string {
  const { total, passed, stretch, ranges } = evidence
  const within = `within ${plusMinusTolerance(evidence)}`
  const sure = `every version is ${ranges ? within : `${within} of its declared share`}`
  const since = passes(evidence) || passed === null ? '' : `since purchase ${whole(passed.at)} it is sure that `
  if (stretch !== null) {
    const inexact = `${within} of ${split}, but ${inexactly(evidence, versions)}`
    return since === '' ? inexact : `${inexact}; ${since}${sure}`
  }
  return `matches ${split}: ${plusMinus(mostDeviating(versions))} after ${purchases(total)}; ${since}${sure}`
}

function pending(split: string, evidence: Evidence, facts: ReasonFacts): string {
  const most = mostDeviating(facts.versions)
  const goal = `to be sure within ${plusMinusTolerance(evidence)}`
  if (evidence.stretch !== null) {
    const next =
      facts.missing === null
        ? `it takes more purchases ${goal}, or beyond`
        : `about ${about(facts.missing)} more ${goal}`
    return `not exactly ${split}: ${inexactly(evidence, facts.versions).replace(/^(lately )?not exactly: /, '$1')}; ${next}`
  }
  const seen = `${plusMinus(most)} after ${purchases(evidence.total)}`
  if (evidence.logE >= LOG_DOUBTFUL) return `perhaps not ${split}, but not proven yet: ${seen}`
  return `consistent with ${split} so far: ${seen}${unseen(facts.versions)}`
}

/** What is known of shares that are not exactly the declared ones: of all purchases, or of those since they moved. */
function inexactly(evidence: Evidence, versions: readonly VersionVerdict[]): string {
  const most = mostDeviating(versions)
  const late = drifted(evidence)
  if (late === undefined || !contains(most)) {
    return `not exactly: ${most.version} got ${percent(most.share, 1)} of ${purchases(evidence.total)} ${range(most)}`
  }
  const got = `${late.version} got ${percent(late.count / late.total, 1)}`
  return `lately not exactly: ${got} of the last ${purchases(late.total)} ${range(late)}`
}

interface LateDrift extends Interval {
  readonly version: string
  readonly declared: number
  readonly count: number
  readonly total: number
}

/** The stretch of the alarm, where it began after the first purchase; its interval holds as if it had been chosen before. */
function drifted(evidence: Evidence): LateDrift | undefined {
  const { stretch, alpha, tallies } = evidence
  if (stretch === null || stretch.version === null || stretch.since === 0) return undefined
  const [found] = stretchTallies(evidence, stretch)
  if (found === undefined) return undefined
  const { tally, count, total } = found
  const interval = shareInterval(shareEvidence({ ...tally, count }, { tallies, total, alpha }))
  return { version: tally.version, declared: tally.declared ?? 0, count, total, ...interval }
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
  if (contains(most) || passes(evidence)) return lateFailure(split, evidence) ?? strayed(split, evidence, most)
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

function lateFailure(split: string, evidence: Evidence): string | undefined {
  const { change, total, alpha } = evidence
  const chance = `a correct split would look this far off ${rarely(alpha)}`
  if (change !== undefined) {
    const { before, after } = sharesAround(change, evidence)
    const got = `${change.version} got ${percent(after)} of the last ${purchases(total - change.purchase)}`
    return `no longer ${split}: ${got}, ${percent(before)} before; ${chance}`
  }
  const late = drifted(evidence)
  if (late === undefined || (late.low < late.declared && late.declared < late.high)) return undefined
  const got = `${late.version} got ${percent(late.count / late.total)} of the last ${purchases(late.total)}`
  return `no longer ${split}: ${got} ${range(late)}; ${chance}`
}

function contains({ declared, low, high }: VersionVerdict): boolean {
  return declared !== null && low < declared && declared < high
}

function range({ low, high }: Interval): string {
  // where both would read the same, a further digit tells them apart
  const digits = high - low < 0.05 ? 1 : 0
  return `(between ${percent(low, digits)} and ${percent(high, digits)})`
}

function plusMinusTolerance({ tolerance, ranges }: Evidence): string {
  return ranges ? 'its range' : `± ${tolerancePoints(tolerance)} points`
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
