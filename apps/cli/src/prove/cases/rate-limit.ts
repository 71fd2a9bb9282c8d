import { setTimeout as sleep } from 'node:timers/promises'
import { judgeRateLimit } from '@bookstore/verdict'
import { type Bench, type Proof, podsBehind, widthWithin } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'

const MOST_PURCHASES = 10_000
const LEAST_PURCHASES = 100
/** What is asked for, as a multiple of what the limit lets through in a moment. */
const ABOVE = 4
const LONGEST_REST_MS = 5_000

/** A burst far above the limit; each pod may accept what its bucket holds and gets meanwhile. */
export async function proveRateLimit(bench: Bench): Promise<Proof> {
  const { declared, buyer, signal } = bench
  const [limit, ...others] = declared.rateLimits
  if (limit === undefined) throw new CannotSee('no limit is declared of any store')
  if (others.some(({ perFill, fillMs, most }) => `${perFill}/${fillMs}/${most}` !== rateOf(limit))) {
    throw new CannotSee('the stores have limits that differ: a refusal does not tell whose it is')
  }
  const workloads = declared.rateLimits.map(({ workload }) => workload)
  const moment = (await podsBehind(bench, { workloads })) * (limit.most + 2 * limit.perFill)
  if (2 * moment > MOST_PURCHASES) {
    throw new CannotSee(`to go above the limit takes more than ${MOST_PURCHASES} purchases, which is the most there is`)
  }
  // buckets are full after a rest
  await sleep(Math.min(limit.fillMs, LONGEST_REST_MS), undefined, { signal })
  const purchases = Math.min(MOST_PURCHASES, Math.max(LEAST_PURCHASES, moment * ABOVE))
  const attempts = await buyer.buy({ purchases, concurrency: widthWithin(declared, 64) })
  const limited = attempts.filter(({ outcome, version }) => outcome !== 'bought' || workloads.includes(version))
  return judgeRateLimit({ ...limit, attempts: limited })
}

function rateOf({ perFill, fillMs, most }: Bench['declared']['rateLimits'][number]): string {
  return `${perFill}/${fillMs}/${most}`
}
