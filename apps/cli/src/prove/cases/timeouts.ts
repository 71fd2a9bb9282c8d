import { judgeTimeout } from '@bookstore/verdict'
import { type Bench, knownInstances, type Proof, refuseIfInterfered, untilJudged, widthWithin } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'

/** What the way there and back and a busy machine may add to a deadline, in ms. */
const SLACK_MS = 500
/** Stores are later than deadline and slack by this. */
const BEYOND_MS = 200

/** Stores answer later than is declared; nobody may wait for them. */
export async function proveTimeouts(bench: Bench): Promise<Proof> {
  const { declared, stores, outlook } = bench
  const longestMs = declared.timeout?.longestMs ?? 0
  const lateMs = longestMs + SLACK_MS + BEYOND_MS
  if (lateMs >= outlook.patienceMs) {
    throw new CannotSee(
      `the buyer itself gives up after ${outlook.patienceMs} ms, before a store would be late (${lateMs} ms)`,
      `REQUEST_TIMEOUT_MS=${2 * lateMs} for the bookbuyer`
    )
  }
  await stores.everywhere({ delay: { ms: lateMs, percent: 100 } }, await knownInstances(bench))
  return untilJudged(bench, { batch: 128, most: 1_024, concurrency: widthWithin(declared, 64) }, attempts => {
    refuseIfInterfered(attempts)
    return judgeTimeout({ longestMs, slackMs: SLACK_MS, attempts })
  })
}
