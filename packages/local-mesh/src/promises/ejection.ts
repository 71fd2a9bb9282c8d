import type { AttemptEnd, DeclaredEjection } from '@bookstore/policy'

/** Which pods of a backend get nothing for a while, because they failed. */
export interface Ejections {
  isEjected(address: string): boolean
  /** Told how each try at a pod ended; `pods` are all of its backend. */
  note(address: string, end: AttemptEnd, terms: DeclaredEjection, pods: readonly string[]): void
}

interface Pod {
  errors5xx: number
  gatewayErrors: number
  ejections: number
  until: number
}

/**
 * Outlier detection by errors in a row, as Envoy does it: a pod is ejected at once, for the base time multiplied by how
 * often it was, unless the share of ejected pods has reached its maximum.
 * https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier
 */
export function createEjections(now: () => number): Ejections {
  const pods = new Map<string, Pod>()
  const podOf = (address: string): Pod => {
    const pod = pods.get(address) ?? { errors5xx: 0, gatewayErrors: 0, ejections: 0, until: 0 }
    pods.set(address, pod)
    return pod
  }
  const isEjected = (address: string) => (pods.get(address)?.until ?? 0) > now()
  return {
    isEjected,
    note(address, end, { consecutive5xx, consecutiveGatewayErrors, baseEjectionMs, maxEjectionPercent }, all) {
      const pod = podOf(address)
      // what has no answer counts as a gateway error
      const status = typeof end === 'number' ? end : 503
      pod.errors5xx = status >= 500 ? pod.errors5xx + 1 : 0
      pod.gatewayErrors = status >= 502 && status <= 504 ? pod.gatewayErrors + 1 : 0
      const isOutlier = reaches(pod.errors5xx, consecutive5xx) || reaches(pod.gatewayErrors, consecutiveGatewayErrors)
      const ejectedPercent = (100 * all.filter(isEjected).length) / all.length
      if (!isOutlier || isEjected(address) || ejectedPercent >= maxEjectionPercent) return
      pod.ejections++
      pod.until = now() + baseEjectionMs * pod.ejections
      pod.errors5xx = 0
      pod.gatewayErrors = 0
    }
  }
}

// 0 is how Envoy and Istio switch it off
function reaches(errors: number, limit: number): boolean {
  return limit > 0 && errors >= limit
}
