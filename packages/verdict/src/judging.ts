import {
  type DeclaredSource,
  normalizeVersion,
  type Split,
  type SplitVerdict,
  seconds,
  whole
} from '@bookstore/contract'
import type { JudgeOptions, JudgeWindow, Purchase } from './judge-types.ts'
import type { Settled, Settling } from './settling.ts'
import { createSplitMonitor } from './split-monitor.ts'

/** One window while it is judged. */
export interface Judging {
  readonly settling: Settling | null
  observe(purchase: Purchase): void
  renameSource(source: DeclaredSource): void
  window(now: number): JudgeWindow
}

/** What one window is judged by. */
export interface JudgingOptions extends Pick<JudgeOptions, 'alpha' | 'tolerance' | 'drainMs' | 'replicas'> {
  readonly id: number
  readonly declared: Split | null
  readonly source: DeclaredSource
  readonly from: number
  readonly settling: Settling | null
}

/** Starts judging a window. Throws RangeError for alpha or tolerance out of range. */
export function createJudging(options: JudgingOptions): Judging {
  const { id, declared, from, settling, alpha, tolerance, drainMs = 45_000, replicas } = options
  const test = createSplitMonitor({ declared, alpha, tolerance })
  let { source } = options
  let settlingAnswers = 0
  let late = 0
  let stale = 0

  return {
    settling,
    observe(purchase) {
      const version = normalizeVersion(purchase.version)
      const turn = turnOf(purchase, settling, drainMs)
      if (turn === 'judged') return test.observe(version, purchase.at, purchase.connection)
      if (turn === 'late') late += 1
      else {
        settlingAnswers += 1
        settling?.observe(version, purchase.at)
      }
      if (settling?.fitsOnlyPrevious(version)) stale += 1
    },
    renameSource(renamed) {
      source = renamed
    },
    window(now) {
      const settled = settling?.measured(now) ?? null
      return {
        id,
        declared,
        source,
        from,
        to: null,
        verdict: explained(test.verdict({ replicas }), settled, late, now),
        settling: settled,
        answers: test.purchases + settlingAnswers + late,
        lateOnOldConnections: late,
        staleAnswers: stale
      }
    }
  }
}

type Turn = 'judged' | 'settling' | 'late'

function turnOf({ at, connectionOpenedAt }: Purchase, settling: Settling | null, drainMs: number): Turn {
  if (settling === null) return 'judged'
  if (at < settling.until) return 'settling'
  const old = connectionOpenedAt !== undefined && connectionOpenedAt < settling.until
  return old && at < settling.until + drainMs ? 'late' : 'judged'
}

/** A verdict without judged purchases says why there are none. */
function explained(verdict: SplitVerdict, settled: Settled | null, late: number, now: number): SplitVerdict {
  if (verdict.purchases > 0 || settled === null) return verdict
  if (now < settled.until) {
    const left = seconds(settled.until - now)
    return {
      ...verdict,
      reason: `${settled.text}: answers are measured and not judged for another ${left}`
    }
  }
  if (late === 0) return verdict
  return {
    ...verdict,
    reason: `nothing to judge yet: ${whole(late)} ${late === 1 ? 'answer' : 'answers'} came on connections opened before the change took hold`
  }
}
