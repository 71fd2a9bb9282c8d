import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '@bookstore/contract'
import { judgeRateLimit } from '@bookstore/verdict'
import { type Bench, type Proof, podsBehind, widthWithin } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'

type Limit = Bench['declared']['rateLimits'][number]

const MOST_PURCHASES = 10_000
const LEAST_PURCHASES = 100
/** What is asked for, as a multiple of what the limit lets through in a moment. */
const ABOVE = 4
/** Longest time that buckets are given to fill: a limit of a minute needs one. */
const LONGEST_REST_MS = 65_000
/** What the thief and a person may ask for in a second, beside the buyer. */
const OTHERS = 2

/** A burst far above the limit; each pod may accept what its bucket holds and gets meanwhile. */
export async function proveRateLimit(bench: Bench): Promise<Proof> {
  const { declared, buyer } = bench
  const [limit, ...others] = declared.rateLimits
  if (limit === undefined) throw new CannotSee('no limit is declared of any store')
  if (others.some(({ perFill, fillMs, most }) => `${perFill}/${fillMs}/${most}` !== rateOf(limit))) {
    throw new CannotSee('the stores have limits that differ: a refusal does not tell whose it is')
  }
  const workloads = declared.rateLimits.map(({ workload }) => workload)
  const pods = await podsBehind(bench, { workloads })
  const moment = pods * (limit.most + 2 * limit.perFill)
  if (2 * moment > MOST_PURCHASES) {
    throw new CannotSee(`to go above the limit takes more than ${MOST_PURCHASES} purchases, which is the most there is`)
  }
  const isFull = await fillBuckets(bench, limit, pods)
  const purchases = Math.min(MOST_PURCHASES, Math.max(LEAST_PURCHASES, moment * ABOVE))
  const attempts = await buyer.buy({ purchases, concurrency: widthWithin(declared, 64) })
  const limited = attempts.filter(({ outcome, version }) => outcome !== 'bought' || workloads.includes(version))
  return judgeRateLimit({ ...limit, isFull, attempts: limited })
}

/**
 * Gives the buckets the time to fill; whether they surely are full then: what was asked for meanwhile took less than half
 * of what they got.
 */
async function fillBuckets({ buyer, signal }: Bench, limit: Limit, pods: number): Promise<boolean> {
  const restMs = Math.ceil(limit.most / limit.perFill) * limit.fillMs
  if (restMs > LONGEST_REST_MS) return false
  const before = await buyer.snapshot()
  await sleep(restMs, undefined, { signal })
  const after = await buyer.snapshot()
  const asked = attemptsOf(after) - attemptsOf(before) + (OTHERS * restMs) / 1_000
  return (pods * limit.perFill * restMs) / limit.fillMs >= 2 * asked
}

function attemptsOf({ counts }: Snapshot): number {
  return counts.bought + counts.denied + counts.failed
}

function rateOf({ perFill, fillMs, most }: Limit): string {
  return `${perFill}/${fillMs}/${most}`
}
