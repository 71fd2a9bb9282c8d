import { percent, purchases, type Split, type SplitVerdict } from '@bookstore/contract'
import { boundsIn } from './bounds.ts'
import type { Evidence, Stretch, Tally } from './evidence.ts'
import { logEOfCounts } from './judge-counts.ts'
import { judgeEvidence } from './judge-evidence.ts'
import { logAddExp, xLogY } from './log-math.ts'
import { strayedBeyond } from './sureness.ts'

/** What one buyer says of its own purchases. */
export interface BuyerVerdict {
  /** Such as its address. */
  readonly name: string
  readonly verdict: SplitVerdict
}

/** What buyers are judged by together; all of them are told to expect the same. */
export interface CombineOptions {
  readonly declared: Split
  readonly alpha: number
  readonly tolerance: number
  readonly buyers: readonly BuyerVerdict[]
}

const ALL: Stretch = { since: 0, version: null, before: 0 }

/**
 * The verdict of several buyers on one split. Their purchases do not depend on each other, so the product of their
 * e-values is an e-value, and so are the average and the mixture on all purchases as one longer sequence. A third of the
 * money is on each: the product finds a drift that each buyer sees a little at a time of its own, the average what one
 * sees much, and the mixture what all see from the start, without paying for one search each. Intervals and the
 * tolerance are judged on all purchases together. A buyer that contradicts the others is named, and the buyers then do
 * not pass.
 */
export function combineVerdicts({ declared, alpha, tolerance, buyers }: CombineOptions): SplitVerdict {
  const logs = buyers.map(({ verdict }) => verdict.logE ?? Infinity)
  const product = logs.reduce((sum, log) => sum + log, 0)
  const average = logs.reduce(logAddExp, -Infinity) - Math.log(buyers.length)
  const tallies = talliesOf(buyers, declared, tolerance)
  const logE = [product, average, logEOfCounts(tallies)].reduce(logAddExp) - Math.log(3)
  const enough = -Math.log(alpha)
  const total = tallies.reduce((sum, { count }) => sum + count, 0)
  const stretch = logE >= enough ? ALL : null
  const failing = buyers.some(
    ({ verdict }, at) => verdict.status === 'fail' && (logs[at] ?? 0) >= enough + Math.log(3 * buyers.length)
  )
  const evidence: Evidence = {
    declared,
    alpha,
    tolerance,
    tallies,
    total,
    logE,
    alarmAt: null,
    passed: null,
    stretch,
    hasFailed: stretch !== null && (failing || strayedBeyond({ tallies, total, alpha }, stretch)),
    change: undefined
  }
  const judged = judgeEvidence(evidence)
  const unclear = buyers.find(({ verdict }) => verdict.status === 'pending' && isDependent(verdict))
  if (unclear) return pending(judged, `${unclear.name}: ${unclear.verdict.reason}`)
  const odd = contradicting(buyers, evidence)
  const reason = `${buyers.length} buyers together: ${judged.reason}`
  if (odd === undefined) return { ...judged, reason }
  const told = contradiction(odd, buyers)
  return judged.status === 'fail' ? { ...judged, reason: `${reason}; ${told}` } : pending(judged, told)
}

function pending(judged: SplitVerdict, reason: string): SplitVerdict {
  return { ...judged, status: 'pending', reason, missing: null }
}

function isDependent({ causes }: SplitVerdict): boolean {
  return causes.some(({ code }) => code === 'dependent')
}

function talliesOf(buyers: readonly BuyerVerdict[], declared: Split, tolerance: number): readonly Tally[] {
  const boundsOf = boundsIn({ declared, tolerance })
  const found = new Map<string, Tally>()
  for (const { version, declared: share, count, unknown } of buyers.flatMap(({ verdict }) => verdict.versions)) {
    const before = found.get(version)?.count ?? 0
    found.set(version, { version, declared: share ?? 0, unknown, count: before + count, bounds: boundsOf(version) })
  }
  return [...found.values()]
}

/**
 * The buyer whose shares are surely not those of the others, the one of which that is surest. "All have the same
 * shares, whichever" is tested by how much better its own and the others' shares explain the purchases than the best
 * single ones do: universal inference (Wasserman, Ramdas & Balakrishnan, PNAS 2020) with the test's own mixture in place
 * of estimated shares. alpha is divided by the number of buyers.
 */
function contradicting(buyers: readonly BuyerVerdict[], all: Evidence): BuyerVerdict | undefined {
  if (buyers.length < 2 || all.logE === Infinity) return undefined
  const best = all.tallies.reduce(
    (sum, { count, declared }) => sum + xLogY(count, count / all.total / (declared ?? 1)),
    0
  )
  const enough = Math.log(buyers.length) - Math.log(all.alpha)
  const odds = buyers.map(({ verdict }) => {
    const own = all.tallies.map(tally => ({
      declared: tally.declared,
      count: verdict.versions.find(({ version }) => version === tally.version)?.count ?? 0
    }))
    const others = all.tallies.map((tally, at) => ({ ...tally, count: tally.count - (own[at]?.count ?? 0) }))
    return logEOfCounts(own) + logEOfCounts(others) - best
  })
  // one that strays makes the others look odd beside it too, though less so than itself
  const most = Math.max(...odds)
  return most >= enough ? buyers[odds.indexOf(most)] : undefined
}

function contradiction({ name, verdict }: BuyerVerdict, buyers: readonly BuyerVerdict[]): string {
  const others = buyers.filter(buyer => buyer.name !== name).flatMap(buyer => buyer.verdict.versions)
  const total = others.reduce((sum, { count }) => sum + count, 0)
  const shareOfOthers = (version: string) =>
    others.reduce((sum, one) => sum + (one.version === version ? one.count : 0), 0) / total
  const [first, ...rest] = verdict.versions
  if (first === undefined) return `${name} contradicts the others`
  const distance = ({ version, share }: { version: string; share: number }) => Math.abs(share - shareOfOthers(version))
  const most = rest.reduce((found, next) => (distance(next) > distance(found) + 1e-9 ? next : found), first)
  return (
    `buyers contradict each other: at ${name} ${most.version} got ${percent(most.share)} of ` +
    `${purchases(verdict.purchases)}, at the others ${percent(shareOfOthers(most.version))}`
  )
}
