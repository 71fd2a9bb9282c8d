import type { Cause, Health, SplitVerdict } from '@bookstore/contract'
import { expectedElsewhere } from '@bookstore/verdict'
import type { Declaration } from './declared.ts'
import type { PolicyView } from './policy-feed.ts'

/** What a shopper knows beside the purchases of a verdict. */
export interface Known {
  readonly declaration: Declaration
  /** What the policies declare. */
  readonly policies: PolicyView['declared']
  readonly health: Health
}

/**
 * A verdict with the reasons that are known: that somebody expects another split than the policies declare, and what
 * fails now. A known reason stands before likely ones, and one that explains all stands alone. Pure.
 */
export function withKnownReasons(verdict: SplitVerdict, known: Known): SplitVerdict {
  if (verdict.status !== 'fail') return verdict
  const elsewhere = declaredElsewhere(verdict, known)
  if (elsewhere !== null) return { ...verdict, causes: [elsewhere] }
  return { ...verdict, causes: [...failing(known.health), ...verdict.causes] }
}

function declaredElsewhere(verdict: SplitVerdict, { declaration, policies }: Known): Cause | null {
  const { split, source } = declaration
  if (source.kind !== 'page' || split === null || policies === null) return null
  return expectedElsewhere(verdict, split, { split: policies.split, source: policies.source.detail })
}

function failing({ bought, denied, failed, seconds }: Health): readonly Cause[] {
  if (failed === 0) return []
  const text = `${failed} of ${bought + denied + failed} attempts failed in the last ${seconds} s; what fails is in no share`
  return [{ code: 'failures', text }]
}
