import type { AttemptRecord } from '@bookstore/contract'
import { judgeCounts } from '../judge-counts.ts'
import { type PromiseVerdict, percent } from './promise-verdict.ts'

/** What was declared and observed of pods that share requests. */
export interface BalanceEvidence {
  /** Pods behind the backend, as far as they are declared. */
  readonly pods: number
  /** Versions of the stores behind it. */
  readonly versions: readonly string[]
  readonly attempts: readonly AttemptRecord[]
  readonly alpha?: number
  /** How far a pod's share may be from the others', 0.1 is ten points. */
  readonly tolerance?: number
}

/** Each pod gets the same share of a backend's purchases, within ten points, by the test that judges a split. */
export function judgeBalance({ pods, versions, attempts, alpha, tolerance = 0.1 }: BalanceEvidence): PromiseVerdict {
  const counts: Record<string, number> = {}
  for (const { outcome, version, instance } of attempts) {
    if (outcome === 'bought' && versions.includes(version)) counts[instance] = (counts[instance] ?? 0) + 1
  }
  const names = Object.keys(counts)
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const shares = names.map(name => percent((counts[name] ?? 0) / total))
  const seen = `${names.length} of ${pods} pods sold ${total} books${names.length > 0 ? `: ${shares.join(', ')}` : ''}`
  if (names.length > pods) {
    return { status: 'pending', seen, reason: 'more pods answered than are declared: some were replaced meanwhile' }
  }
  // a pod that sold nothing has a share to be missed by
  const silent = Array.from({ length: pods - names.length }, (_, at) => `silent-${at}`)
  const all = [...names, ...silent]
  const declared = Object.fromEntries(all.map(name => [name, 1 / all.length]))
  const { status } = judgeCounts({ declared, counts, alpha, tolerance })
  const expected = percent(1 / all.length)
  const reasons = {
    pass: `each gets ${expected}, within ${tolerance * 100} points`,
    fail: `each should get ${expected}`,
    pending: `too few purchases to tell whether each gets ${expected}`
  }
  return { status, seen, reason: reasons[status] }
}
