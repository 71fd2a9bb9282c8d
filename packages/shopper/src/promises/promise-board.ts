import { type PolicyStatus, PROMISES, type PromiseName, type PromiseResult } from '@bookstore/contract'
import { describePromise, type PromiseOutlook } from '@bookstore/policy'
import type { PolicyView } from '../state/policy-feed.ts'

/** A promise as it stands. */
export interface StandingPromise {
  readonly name: PromiseName
  /** What declares it now, in words; '' where nothing does. */
  readonly declaredBy: string
  /** What the last proof found; null before one, and after a change of the policies. */
  readonly proven: (PromiseResult & { readonly at: string }) | null
}

/** The answer of `GET /api/promises`. */
export interface PromisesAnswer {
  readonly policies: Pick<PolicyStatus, 'kind' | 'problems'>
  /** null when no policies can be seen. */
  readonly outlook: PromiseOutlook | null
  readonly promises: readonly StandingPromise[]
}

/** What is promised and what was proven of it, as long as the program runs. */
export interface PromiseBoard {
  /** Takes the results of a proof, each in the place of its older one; `now` in ms since the epoch. */
  keep(results: readonly PromiseResult[], now: number): void
  read(): PromisesAnswer
}

/** A board without proofs; `view` tells what the policies say now. */
export function createPromiseBoard(view: () => PolicyView): PromiseBoard {
  const proofs = new Map<PromiseName, PromiseResult & { readonly at: string }>()
  return {
    keep(results, now) {
      for (const result of results) proofs.set(result.name, { ...result, at: new Date(now).toISOString() })
    },
    read() {
      const { status, outlook } = view()
      const { kind, problems, lastChange } = status
      const declared = outlook?.declared ?? null
      const promises = PROMISES.map(name => {
        const proof = proofs.get(name)
        const isCurrent = proof !== undefined && (lastChange === null || lastChange.at <= proof.at)
        return {
          name,
          declaredBy: declared === null ? '' : describePromise(declared, name),
          proven: isCurrent ? proof : null
        }
      })
      return { policies: { kind, problems }, outlook, promises }
    }
  }
}
