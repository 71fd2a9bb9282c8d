import { PROMISES, type PromiseName, type PromiseResult } from '@bookstore/contract'
import { describePromise } from '@bookstore/policy'
import type { Bench, Proof } from './bench.ts'
import { CannotSee, Hindered } from './cannot-see.ts'
import { proveBreaker } from './cases/circuit-breaking.ts'
import { proveDiscovery } from './cases/discovery.ts'
import { proveEgress } from './cases/egress.ts'
import { proveEjection } from './cases/ejection.ts'
import { proveBalance } from './cases/load-balancing.ts'
import { proveMutualTls } from './cases/mutual-tls.ts'
import { proveRateLimit } from './cases/rate-limit.ts'
import { proveRetries } from './cases/retries.ts'
import { proveTimeouts } from './cases/timeouts.ts'
import { hintFor } from './hints.ts'

const CASES: Readonly<Record<PromiseName, (bench: Bench) => Promise<Proof>>> = {
  'load-balancing': proveBalance,
  discovery: proveDiscovery,
  'mutual-tls': proveMutualTls,
  egress: proveEgress,
  retries: proveRetries,
  timeouts: proveTimeouts,
  'rate-limit': proveRateLimit,
  'circuit-breaking': proveBreaker,
  ejection: proveEjection
}

/** Proves the promises one after the other; each takes its faults back before the next one begins. */
export async function provePromises(
  bench: Bench,
  only: readonly PromiseName[],
  progress: (name: PromiseName) => void
): Promise<{ readonly results: readonly PromiseResult[]; readonly problems: readonly string[] }> {
  const results: PromiseResult[] = []
  const problems: string[] = []
  for (const name of PROMISES.filter(candidate => only.includes(candidate))) {
    progress(name)
    results.push(await provePromise(bench, name))
    problems.push(...(await bench.stores.clear()))
  }
  return { results, problems }
}

async function provePromise(bench: Bench, name: PromiseName): Promise<PromiseResult> {
  const declaredBy = describePromise(bench.declared, name)
  const result = { name, declaredBy, seen: '', todo: '' }
  if (declaredBy === '') return { ...result, status: 'not-declared', reason: whyNot(bench, name) }
  try {
    const { status, seen, reason } = await CASES[name](bench)
    return { ...result, status, seen, reason, todo: hintFor(name, status) }
  } catch (error) {
    if (!(error instanceof CannotSee)) throw error
    const status = error instanceof Hindered ? 'pending' : 'not-visible'
    return { ...result, status, reason: error.message, todo: error.todo }
  }
}

function whyNot({ outlook }: Bench, name: PromiseName): string {
  if (name === 'egress' && outlook.egressUrls.length === 0) {
    return 'the buyer asks no address outside (ENABLE_EGRESS, EGRESS_URLS)'
  }
  return 'no policy says anything of it'
}
