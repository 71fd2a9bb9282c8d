import { type Split, sameSplit } from '@bookstore/contract'
import type { Judge } from '@bookstore/verdict'
import type { ShopperConfig } from '../config.ts'
import type { AccessTrial } from './access-trial.ts'
import type { DeclaredWeights } from './declared.ts'
import { expectationOf } from './expectation.ts'
import type { PolicyView } from './policy-feed.ts'

/** What follows the policies, and what is told when they change something. */
export interface FollowingOptions {
  readonly config: ShopperConfig
  readonly policies: () => PolicyView
  /** What the policies said when the state was made. */
  readonly first: PolicyView
  readonly declared: DeclaredWeights
  readonly judge: Judge
  readonly access: AccessTrial
  /** Called when other weights, or another access, begin to count. */
  readonly onChange: (now: number) => void
}

/** Keeps what is judged by in step with what is declared. */
export interface Following {
  /** Takes up policies that have changed since the last call. */
  policies(now: number): void
  /** Begins a window when other weights are declared than are judged by. */
  weights(now: number): void
}

/** Starts with policies that are taken up already. */
export function createFollowing(options: FollowingOptions): Following {
  const { config, policies, declared, judge, access, onChange } = options
  let followed = options.first
  const weights = (now: number, inForceBefore?: Split | null) => {
    const { split, source } = declared.current()
    if (judge.declare(split, source, now, inForceBefore)) onChange(now)
  }
  return {
    policies(now) {
      const view = policies()
      if (view === followed) return
      const before = followed.declared?.split ?? null
      followed = view
      declared.fromPolicies(view.declared)
      if (access.expect(expectationOf(config, view), now)) {
        // what was sold before a denial says nothing of what comes after it
        judge.reset(now)
        onChange(now)
      }
      weights(now, sameDeclared(before, view) ? null : before)
    },
    weights: now => weights(now)
  }
}

function sameDeclared(before: Split | null, { declared }: PolicyView): boolean {
  return before !== null && declared?.split != null && sameSplit(before, declared.split)
}
