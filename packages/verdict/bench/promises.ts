import type { AttemptRecord, Status } from '@bookstore/contract'
import { judgeBreaker } from '../src/promises/circuit-breaking.ts'
import { judgeDiscovery } from '../src/promises/discovery.ts'
import { judgeEjection } from '../src/promises/ejection.ts'
import { judgeBalance } from '../src/promises/load-balancing.ts'
import { judgeRateLimit } from '../src/promises/rate-limit.ts'
import { judgeRetries } from '../src/promises/retries.ts'
import { judgeTimeout } from '../src/promises/timeouts.ts'
import { cells } from './report.ts'
import type { Row } from './row.ts'
import type { Random } from './seeded-random.ts'
import { ALPHA, allowance, rate } from './simulation.ts'

const RUNS = 2_000

const SOLD: AttemptRecord = {
  at: 0,
  ms: 5,
  status: 200,
  outcome: 'bought',
  version: 'v',
  instance: '0',
  isOverload: false
}
const FAILED: AttemptRecord = { ...SOLD, status: 500, outcome: 'failed', instance: '' }

/** One world: what happens in it, as `bookstore prove` looks at it, and which verdict would be wrong. */
interface World {
  readonly name: string
  /** Kept promises must not fail, broken ones must not pass. */
  readonly wrong: 'fail' | 'pass'
  readonly prove: (random: Random) => Status
}

const WORLDS: readonly World[] = [
  { name: 'retries: 3 as declared', wrong: 'fail', prove: random => retries(3, 0.669, 3, random) },
  { name: 'retries: 3 declared, 2 made', wrong: 'pass', prove: random => retries(3, 0.669, 2, random) },
  { name: 'retries: 3 declared, 4 made', wrong: 'pass', prove: random => retries(3, 0.669, 4, random) },
  { name: 'retries: 3 declared, none made', wrong: 'pass', prove: random => retries(3, 0.669, 0, random) },
  { name: 'retries: 1 as declared', wrong: 'fail', prove: random => retries(1, 0.447, 1, random) },
  { name: 'timeout: 2 % late for other reasons', wrong: 'fail', prove: random => timeout(0.02, random) },
  { name: 'timeout: 10 % not cut off', wrong: 'pass', prove: random => timeout(0.1, random) },
  { name: 'timeout: none cut off', wrong: 'pass', prove: random => timeout(1, random) },
  { name: 'rate limit: as declared', wrong: 'fail', prove: random => rateLimit(20, 30, random) },
  { name: 'rate limit: twice of it let through', wrong: 'pass', prove: random => rateLimit(40, 60, random) },
  { name: 'rate limit: a quarter of it', wrong: 'pass', prove: random => rateLimit(5, 7, random) },
  { name: 'rate limit: none', wrong: 'pass', prove: random => rateLimit(Infinity, Infinity, random) },
  { name: 'circuit breaker: 4 as declared', wrong: 'fail', prove: random => breaker(4, random) },
  { name: 'circuit breaker: 16 let through', wrong: 'pass', prove: random => breaker(16, random) },
  { name: 'circuit breaker: none', wrong: 'pass', prove: random => breaker(Infinity, random) },
  { name: 'ejection: as declared, 2 pods', wrong: 'fail', prove: random => ejection(5, 2, random) },
  { name: 'ejection: as declared, 4 pods', wrong: 'fail', prove: random => ejection(5, 4, random) },
  { name: 'ejection: none, 2 pods', wrong: 'pass', prove: random => ejection(Infinity, 2, random) },
  { name: 'ejection: none, 8 pods', wrong: 'pass', prove: random => ejection(Infinity, 8, random) },
  { name: 'load balancing: 2 pods alike', wrong: 'fail', prove: random => balance([1, 1], random) },
  { name: 'load balancing: 3 pods alike', wrong: 'fail', prove: random => balance([1, 1, 1], random) },
  { name: 'load balancing: 65/35', wrong: 'pass', prove: random => balance([65, 35], random) },
  { name: 'load balancing: 1 of 3 silent', wrong: 'pass', prove: random => balance([1, 1, 0], random) },
  { name: 'discovery: 2 pods found', wrong: 'fail', prove: random => discovery(2, 2, random) },
  { name: 'discovery: 5 pods found', wrong: 'fail', prove: random => discovery(5, 5, random) },
  { name: 'discovery: 1 of 5 not found', wrong: 'pass', prove: random => discovery(5, 4, random) }
]

const TABLE = [`Promises, ${RUNS} proofs each, alpha ${ALPHA}`, cells(['world', 'pass', 'fail', 'not yet', 'wrong'])]

/** The judges of promises, in worlds that keep them and worlds that do not. */
export const PROMISE_ROWS: readonly Row[] = WORLDS.map(({ name, wrong, prove }) => ({
  name: name.replace(/[^a-z0-9]+/g, '-'),
  table: TABLE,
  seconds: 1,
  measure(report, random) {
    const found = { pass: 0, fail: 0, pending: 0 }
    for (let run = 0; run < RUNS; run++) found[prove(random)] += 1
    const rates = [found.pass, found.fail, found.pending, found[wrong]].map(number => rate(number, RUNS))
    report.line(cells([name, ...rates]))
    report.target(`wrong in at most ${allowance(RUNS, ALPHA)}`, found[wrong] <= allowance(RUNS, ALPHA))
  }
}))

/** Batches until the verdict is known or `most` were bought, as the command does it. */
function batches(
  { batch, most }: { readonly batch: number; readonly most: number },
  draw: () => AttemptRecord,
  judge: (attempts: readonly AttemptRecord[]) => { readonly status: Status }
): Status {
  const attempts: AttemptRecord[] = []
  for (;;) {
    for (let count = 0; count < batch; count++) attempts.push(draw())
    const { status } = judge(attempts)
    if (status !== 'pending' || attempts.length >= most) return status
  }
}

function retries(declared: number, faultShare: number, actual: number, random: Random): Status {
  const draw = () => {
    for (let tries = 0; tries <= actual; tries++) if (random() >= faultShare) return SOLD
    return FAILED
  }
  return batches({ batch: 300, most: 5_000 }, draw, attempts =>
    judgeRetries({ retries: declared, faultShare, attempts, requestsSeen: null })
  )
}

function timeout(lateShare: number, random: Random): Status {
  const draw = () => (random() < lateShare ? { ...SOLD, ms: 1_200 } : { ...FAILED, status: 504, ms: 505 })
  return batches({ batch: 128, most: 1_024 }, draw, attempts =>
    judgeTimeout({ longestMs: 500, slackMs: 500, attempts })
  )
}

/** 20 a second and 30 at once are declared of two pods; one request in ten is another client's. */
function rateLimit(perSecond: number, most: number, random: Random): Status {
  const pods = [
    { tokens: most, fills: 0 },
    { tokens: most, fills: 0 }
  ]
  const offset = random() * 1_000
  let at = 0
  const attempts: AttemptRecord[] = []
  while (attempts.length < 560) {
    at += -Math.log(1 - random()) * 2
    const chosen = random() < 0.5 ? 0 : 1
    const pod = pods[chosen]
    if (pod === undefined) continue
    const fills = Math.floor((at + offset) / 1_000)
    pod.tokens = Math.min(most, pod.tokens + (fills - pod.fills) * (perSecond === Infinity ? 0 : perSecond))
    pod.fills = fills
    const isAccepted = pod.tokens >= 1
    if (isAccepted) pod.tokens -= 1
    if (random() < 0.1) continue
    attempts.push(isAccepted ? { ...SOLD, at, instance: `${chosen}` } : { ...FAILED, at, status: 429 })
  }
  return judgeRateLimit({ perFill: 20, fillMs: 1_000, most: 30, status: 429, isFull: true, attempts }).status
}

/** 64 at a time at stores that need 250 ms; 4 under way are declared, and the thief adds one now and then. */
function breaker(limit: number, random: Random): Status {
  const attempts: AttemptRecord[] = []
  const ends: number[] = []
  let highest = 0
  let now = 0
  const workers = Array.from({ length: 64 }, () => 0)
  while (attempts.length < 384) {
    const next = workers.indexOf(Math.min(...workers))
    now = workers[next] ?? now
    for (let at = ends.length - 1; at >= 0; at--) if ((ends[at] ?? 0) <= now) ends.splice(at, 1)
    const isThere = ends.length < limit
    const ms = isThere ? 250 + random() * 20 : 1 + random() * 3
    if (isThere) ends.push(now + ms)
    highest = Math.max(highest, ends.length + (random() < 0.1 ? 1 : 0))
    attempts.push(isThere ? { ...SOLD, at: now, ms } : { ...FAILED, status: 503, at: now, ms, isOverload: true })
    workers[next] = now + ms
  }
  return judgeBreaker({ inFlight: 4, asked: 64, attempts, mostInFlight: [highest] }).status
}

/** One pod fails always; a proxy leaves it out after so many errors in a row, those under way still end. */
function ejection(errorsInARow: number, pods: number, random: Random): Status {
  const concurrency = 8
  const attempts: AttemptRecord[] = []
  let errors = 0
  let ejectedAt = Infinity
  const total = 5 * pods * 10 + concurrency + 400
  for (let at = 0; at < total; at++) {
    const isFailing = at < ejectedAt + concurrency && random() < 1 / pods
    if (isFailing && ++errors === errorsInARow) ejectedAt = at
    attempts.push({ ...(isFailing ? FAILED : SOLD), at })
  }
  return judgeEjection({ errorsInARow: 5, pods, concurrency, attempts }).status
}

function balance(weights: readonly number[], random: Random): Status {
  return batches({ batch: 500, most: 4_000 }, podDrawer(weights, random), attempts =>
    judgeBalance({ pods: weights.length, versions: ['v'], attempts })
  )
}

function discovery(pods: number, found: number, random: Random): Status {
  const weights = Array.from({ length: pods }, (_, at) => (at < found ? 1 : 0))
  return batches({ batch: 200, most: 4_000 }, podDrawer(weights, random), attempts =>
    judgeDiscovery({ pods, versions: ['v'], attempts })
  )
}

function podDrawer(weights: readonly number[], random: Random): () => AttemptRecord {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return () => {
    const drawn = random() * total
    const pod = weights.findIndex((_, at) => drawn < weights.slice(0, at + 1).reduce((sum, weight) => sum + weight, 0))
    return { ...SOLD, instance: `${pod}` }
  }
}
