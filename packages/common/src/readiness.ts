/** Why a service is not ready, by the name of what is missing. */
export interface Readiness {
  /** Says that `part` is missing and why, in words for a person. */
  notReady(part: string, reason: string): void
  ready(part: string): void
  /** Reasons by part; empty means ready. */
  reasons(): Readonly<Record<string, string>>
  isReady(): boolean
  /** Says that the service is about to end; it is never ready again. */
  stopping(): void
  isStopping(): boolean
}

/** A service that is ready until a part says otherwise. */
export function createReadiness(initial: Readonly<Record<string, string>> = {}): Readiness {
  const missing = new Map(Object.entries(initial))
  let hasEnd = false
  return {
    notReady: (part, reason) => void missing.set(part, reason),
    ready: part => void missing.delete(part),
    reasons: () => Object.fromEntries(missing),
    isReady: () => missing.size === 0,
    stopping() {
      hasEnd = true
      missing.set('service', 'stopping')
    },
    isStopping: () => hasEnd
  }
}
