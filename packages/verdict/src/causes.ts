import {
  type Cause,
  formatSplit,
  percent,
  purchases,
  type Split,
  type Status,
  shareOf,
  whole
} from '@bookstore/contract'
import { sharesAround } from './change.ts'
import type { Change, Evidence, Tally } from './evidence.ts'
import { allContain } from './sureness.ts'

/** What the causes may use besides the purchases. */
export interface CauseHints {
  readonly status: Status
  /** The share each version has of all replicas; by default the declared versions have equal ones. */
  readonly replicas?: Split | undefined
}

// Below this the intervals are so wide that almost any ratio would "match".
const LEAST_PURCHASES_FOR_RATIO = 50

/** The likely causes that the data support, most specific first; none without a declared split. */
export function likelyCauses(evidence: Evidence, hints: CauseHints): readonly Cause[] {
  if (evidence.declared === null || evidence.total === 0) return []
  return [
    ...oneVersion(evidence),
    ...silentVersions(evidence),
    ...(hints.status === 'fail' ? replicaRatio(evidence, hints) : []),
    ...(evidence.change === undefined ? [] : [changed(evidence.change, evidence)])
  ]
}

/** Rule: all purchases from one version, and under its declared share that is rarer than alpha. */
function oneVersion({ tallies, total, alpha }: Evidence): readonly Cause[] {
  const only = tallies.find(tally => tally.count === total)
  if (only === undefined || only.unknown) return []
  const logChance = total * Math.log(only.declared ?? 1)
  if (logChance + Math.log(tallies.length) >= Math.log(alpha)) return []
  const text =
    `all ${purchases(total)} came from ${only.version}: one connection is pinned to it, ` +
    'no proxy splits single requests (layer 7), or the others are not reachable'
  return [{ code: 'one-version', text, version: only.version }]
}

/** Rule: a version has no purchase, and under its declared share that is rarer than alpha. */
function silentVersions({ tallies, total, alpha }: Evidence): readonly Cause[] {
  return tallies
    .filter(({ count, declared }) => {
      const logChance = total * Math.log1p(-(declared ?? 0))
      return count === 0 && logChance + Math.log(tallies.length) < Math.log(alpha)
    })
    .map(({ version, declared }) => ({
      code: 'silent-version' as const,
      text:
        `${version} never answered in ${purchases(total)}, though ${percent(declared ?? 0)} were declared: ` +
        'is it running and ready, does its Service select it, may the buyer reach it?',
      version
    }))
}

/**
 * Rule: the split failed after at least 50 purchases, the replicas would give other shares than the
 * declared ones (by more than the tolerance), every interval contains the replicas' share, and every
 * version that differs is nearer to it than to the declared one.
 */
function replicaRatio(evidence: Evidence, { replicas }: CauseHints): readonly Cause[] {
  const { declared, tallies, total, tolerance } = evidence
  if (declared === null || total < LEAST_PURCHASES_FOR_RATIO) return []
  const names = Object.keys(declared)
  const ratio = replicas ?? Object.fromEntries(names.map(name => [name, 1 / names.length]))
  const inRatio = ({ version }: Tally) => shareOf(ratio, version) ?? 0
  const differing = tallies.filter(tally => Math.abs(inRatio(tally) - (tally.declared ?? 0)) > tolerance)
  const nearer = differing.every(tally => {
    const observed = tally.count / total
    return Math.abs(observed - inRatio(tally)) < Math.abs(observed - (tally.declared ?? 0))
  })
  if (differing.length === 0 || !nearer || !allContain(evidence, inRatio)) return []
  const origin = replicas === undefined ? 'as many replicas of each version' : 'the replicas'
  const text =
    `matches ${formatSplit(ratio)}, what ${origin} would give, and not the weights ` +
    `${formatSplit(declared)}: the weights are not applied and requests spread over all pods`
  return [{ code: 'replica-ratio', text }]
}

/** Rule: when the split failed, its shares had changed on the way (see findChangePoint); judged once. */
function changed(change: Change, evidence: Evidence): Cause {
  const { version, purchase, at } = change
  const { before, after } = sharesAround(change, evidence)
  const when = at === undefined ? '' : ` (${new Date(at).toISOString()})`
  const text =
    `the share changed after about purchase ${whole(purchase)}${when}: ` +
    `${version} had ${percent(before)} before and ${percent(after)} since`
  return { code: 'changed', text, version, purchase, ...(at === undefined ? {} : { at }) }
}
