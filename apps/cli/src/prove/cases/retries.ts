import { isRetried } from '@bookstore/policy'
import { judgeRetries } from '@bookstore/verdict'
import { type Bench, knownInstances, type Proof, refuseIfInterfered, untilJudged, widthWithin } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'

/** What a store can answer; 500 first, because Istio by itself tries 503 again. */
const STATUSES = [500, 502, 504, 503]
/** Share of purchases that is to fail: enough to count, and far from that of another number of retries. */
const FAILING = 0.2

/** Stores answer with errors by chance, and the purchases that still fail tell how often each was tried. */
export async function proveRetries(bench: Bench): Promise<Proof> {
  const { declared, stores } = bench
  const { retries = 0, retryOn = [] } = declared.retries ?? {}
  const status = STATUSES.find(candidate => retries === 0 || isRetried(retryOn, candidate))
  if (status === undefined) {
    throw new CannotSee(`only ${retryOn.join(', ')} is tried again, and stores answer with errors of 500 and more`)
  }
  const faultShare = Math.round(1_000 * FAILING ** (1 / (retries + 1))) / 1_000
  await stores.everywhere({ abort: { status, percent: faultShare * 100 } }, await knownInstances(bench))
  return untilJudged(bench, { batch: 300, most: 5_000, concurrency: widthWithin(declared, 64) }, async attempts => {
    refuseIfInterfered(attempts)
    const seen = await stores.seen()
    const requestsSeen = seen.reduce((sum, { requests }) => sum + requests, 0)
    return judgeRetries({ retries, faultShare, attempts, requestsSeen })
  })
}
