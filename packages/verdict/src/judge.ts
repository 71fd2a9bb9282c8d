import { type DeclaredSource, type Split, sameSplit } from '@bookstore/contract'
import type { Judge, JudgeOptions, JudgeWindow } from './judge-types.ts'
import { createJudging, type Judging } from './judging.ts'
import { DEFAULT_ALPHA } from './parameters.ts'
import { createSettling, type Settling } from './settling.ts'

const MOST_WINDOWS = 50
const UNDECLARED: DeclaredSource = { kind: 'none', detail: 'no split is declared' }

/**
 * A judge over windows: a change of the declared split or a reset begins a new one, the earlier ones
 * stay readable. After a change the answers of `settleMs` are measured, not judged. Later answers on
 * connections from before are left out whatever their version is: a choice that does not look at the
 * outcome cannot bend the error rate. Throws RangeError for alpha or tolerance out of range.
 */
export function createJudge(options: JudgeOptions): Judge {
  const { alpha = DEFAULT_ALPHA, settleMs = 5_000 } = options
  const earlier: JudgeWindow[] = []
  let id = 1
  let current = open(options.declared ?? null, options.source ?? UNDECLARED, options.now, null)

  return {
    declare(declared, source, now, inForceBefore = null) {
      const before = current.window(now)
      // what was sold under another split says nothing of this one, though somebody expected this one all the time
      const isOther = inForceBefore !== null && !sameDeclaration(inForceBefore, declared)
      if (!isOther && sameDeclaration(before.declared, declared)) {
        current.renameSource(source)
        return false
      }
      const settling = declared === null ? null : settlingAfter(before, declared, now, inForceBefore)
      close(now)
      current = open(declared, source, now, settling)
      return true
    },
    reset(now) {
      const { declared, source } = current.window(now)
      const { settling } = current
      close(now)
      current = open(declared, source, now, settling)
    },
    observe: purchase => current.observe(purchase),
    current: now => current.window(now),
    history: () => [...earlier]
  }

  function open(declared: Split | null, source: DeclaredSource, from: number, settling: Settling | null): Judging {
    return createJudging({ ...options, id: id++, declared, source, from, settling })
  }

  function close(now: number): void {
    earlier.unshift({ ...current.window(now), to: now })
    earlier.length = Math.min(earlier.length, MOST_WINDOWS)
  }

  /** The first declaration, made before anything was bought, changes nothing and needs no settling. */
  function settlingAfter(
    before: JudgeWindow,
    declared: Split,
    changedAt: number,
    inForceBefore: Split | null
  ): Settling | null {
    if (before.declared === null && before.answers === 0) return null
    const previous = inForceBefore ?? before.declared ?? observedShares(before)
    return createSettling({ previous, declared, changedAt, settleMs, alpha })
  }
}

// With fewer purchases the observed shares say too little about what was in force.
const LEAST_OBSERVED = 20

function observedShares({ verdict }: JudgeWindow): Split | null {
  if (verdict.purchases < LEAST_OBSERVED) return null
  return Object.fromEntries(verdict.versions.map(({ version, share }) => [version, share]))
}

function sameDeclaration(a: Split | null, b: Split | null): boolean {
  return a === null || b === null ? a === b : sameSplit(a, b)
}
