import type { DeclaredBreaker } from '@bookstore/policy'
import type { SyntheticAnswer } from '../synthetic.ts'

/** What Envoy answers when a cluster's circuit breaker is open. */
export const OVERFLOW: SyntheticAnswer = {
  status: 503,
  body: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
  headers: { 'x-envoy-overloaded': 'true' }
}

/** What is under way to each backend. */
export interface Breakers {
  /**
   * Takes a place and runs `start` with the function that gives it back; waits for one while it may. False when
   * neither is free.
   */
  enter(backend: string, breaker: DeclaredBreaker, start: (leave: () => void) => void): boolean
}

interface Circuit {
  inFlight: number
  readonly waiting: (() => void)[]
}

/**
 * Circuit breakers as Envoy has them for a cluster over HTTP/1.1, where each request under way needs a connection:
 * https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking
 */
export function createBreakers(): Breakers {
  const circuits = new Map<string, Circuit>()
  return {
    enter(backend, { inFlight: most, pending }, start) {
      const circuit = circuits.get(backend) ?? { inFlight: 0, waiting: [] }
      circuits.set(backend, circuit)
      const begin = () => {
        circuit.inFlight++
        let left = false
        start(() => {
          if (left) return
          left = true
          circuit.inFlight--
          circuit.waiting.shift()?.()
        })
      }
      if (circuit.inFlight < most) begin()
      else if (circuit.waiting.length < (pending ?? Infinity)) circuit.waiting.push(begin)
      else return false
      return true
    }
  }
}
