import type { Readiness } from '@bookstore/common'
import type { FaultSwitch } from './fault-switch.ts'

/** The readiness of a store that says on demand that it is not ready; the store itself goes on as it is. */
export function unreadyOnDemand(readiness: Readiness, faults: FaultSwitch | undefined): Readiness {
  if (faults === undefined) return readiness
  return {
    ...readiness,
    isReady: () => readiness.isReady() && !faults.isUnready(),
    reasons: () => ({ ...readiness.reasons(), ...(faults.isUnready() && { faults: 'on demand (/api/faults)' }) })
  }
}
