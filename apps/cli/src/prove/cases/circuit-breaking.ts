import { judgeBreaker } from '@bookstore/verdict'
import { type Bench, knownInstances, type Proof } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'

/** The most that a buyer does at a time. */
const ASKED = 64
const PURCHASES = 6 * ASKED
/** Stores take so long that purchases meet each other there. */
const DELAY_MS = 250

/** More purchases at a time than allowed, at stores that are slow; what is too much must be told so at once. */
export async function proveBreaker(bench: Bench): Promise<Proof> {
  const { declared, stores, buyer } = bench
  const inFlight = Math.max(...declared.breakers.map(breaker => breaker.inFlight))
  // backends share the purchases
  const asked = Math.floor(ASKED / Math.max(1, declared.breakers.length))
  if (inFlight * 2 > asked) {
    throw new CannotSee(`${inFlight} may be under way: more than the ${asked} that the buyer can ask for at a time`)
  }
  await stores.everywhere({ delay: { ms: DELAY_MS, percent: 100 } }, await knownInstances(bench))
  const attempts = await buyer.buy({ purchases: PURCHASES, concurrency: ASKED })
  const mostInFlight = (await stores.seen()).map(store => store.mostInFlight)
  return judgeBreaker({ inFlight, asked, attempts, mostInFlight })
}
