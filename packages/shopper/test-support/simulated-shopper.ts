import { readFileSync } from 'node:fs'
import {
  booksHeaders,
  defaultTopology,
  type PromiseResult,
  type ShopperRole,
  type Snapshot,
  type Split,
  type TimelineBucket
} from '@bookstore/contract'
import { formatPolicyError, type PolicyFile } from '@bookstore/policy'
import { errors } from 'undici'
import { afterLook, notYetRead } from '../../local-mesh/src/in-force.ts'
import { readShopperConfig } from '../src/config.ts'
import { createLesson, type LessonHand, type LessonView } from '../src/lesson/lesson.ts'
import { createPromiseBoard, type StandingPromise } from '../src/promises/promise-board.ts'
import { outcomeOfAnswer, outcomeOfError } from '../src/shopping/outcome.ts'
import type { Picture } from '../src/state/picture.ts'
import { NO_POLICIES } from '../src/state/policy-feed.ts'
import { createShopperState } from '../src/state/shopper-state.ts'
import { createPolicyReader } from '../src/state/view-of-policies.ts'

/** The moment of all examples, ms since the epoch. */
export const NOW = Date.parse('2026-11-23T08:30:00.000Z')

/** A state to render: what a page gets. */
export interface Example {
  readonly snapshot: Snapshot
  readonly timeline: readonly TimelineBucket[]
  readonly picture: Picture
  readonly promises: readonly StandingPromise[]
  readonly lesson: LessonView | null
}

// as often as the program does
const REVIEW_MS = 250

/** What becomes of an attempt to buy: the identity of the store that sells, or how it ends otherwise. */
export type Ending = { readonly sells: string } | 'denied' | 'refused'

export interface SimulationOptions {
  readonly role?: ShopperRole
  /** Seconds between the start of the program and the moment of the example. */
  readonly seconds: number
  /** Settings, as from the environment. Without POLICY_DIR no policies are known. */
  readonly env?: Readonly<Record<string, string>>
  readonly policies?: readonly (string | PolicyFile)[]
  readonly hand?: LessonHand
}

/** A shopper without network and clock: the program's own state, told what answers came and when. */
export function simulateShopper({
  role = 'bookbuyer',
  seconds,
  env = {},
  policies = [],
  hand = 'here'
}: SimulationOptions) {
  const settings = policies.length > 0 ? { POLICY_DIR: 'policies', ...env } : env
  const config = readShopperConfig(role, settings, [])
  let now = NOW - seconds * 1000
  let inForce = notYetRead
  let view = NO_POLICIES
  const read = createPolicyReader()
  const look = () => {
    view = read({
      kind: hand === 'kubectl' ? 'cluster' : 'local-mesh',
      role,
      store: config.store,
      egressUrls: config.egressUrls,
      requestTimeoutMs: config.requestTimeoutMs,
      mesh: { policies: inForce.policies, topology: defaultTopology() },
      lastChange: { at: inForce.changedAt, text: inForce.lastChange },
      problems: inForce.error?.errors.map(formatPolicyError) ?? [],
      revision: inForce.revision
    })
  }
  const apply = (...files: readonly (string | PolicyFile)[]) => {
    const content = { kind: 'files' as const, files: files.map(fileOf) }
    inForce = afterLook(inForce, 'policies', content, new Date(now).toISOString())
    if (config.policyDir !== undefined) look()
  }
  apply(...policies)
  const state = createShopperState(config, { policies: () => view, now })
  const board = createPromiseBoard(() => view)
  const hasLesson = role === 'bookbuyer' && config.policyDir !== undefined
  const lesson = hasLesson ? createLesson({ view: () => view, mesh: config.mesh, hand }) : null
  const sold = new Map<string, number>()

  let reviewed = -Infinity
  const attempt = (ending: Ending) => {
    if (now - reviewed >= REVIEW_MS) {
      state.review(now)
      reviewed = now
    }
    const url = `${config.store.origin}/buy-a-book/new`
    if (typeof ending === 'object') {
      const headers = answerHeaders(ending.sells, sold)
      const answer = { status: 200, headers, body: '', elapsedMs: 3, connectionsSince: now }
      state.observe({ url, outcome: outcomeOfAnswer(answer), answer, error: undefined, at: now }, now)
    } else {
      const error = ending === 'denied' ? new errors.SocketError('other side closed') : REFUSED
      const outcome = outcomeOfError(error, state.proxy())
      state.observe({ url, outcome, answer: undefined, error, at: now }, now)
    }
  }
  return {
    apply,
    /** What a proof found of the promises. */
    proven: (results: readonly PromiseResult[]) => board.keep(results, now),
    reset: () => state.reset(now),
    /** These endings, evenly over the next seconds. */
    during(span: number, endings: readonly Ending[]) {
      const end = now + span * 1000
      const step = (end - now) / Math.max(endings.length, 1)
      for (const ending of endings) {
        attempt(ending)
        now += step
      }
      now = end
    },
    example(burst: Snapshot['burst'] = null): Example {
      state.review(NOW)
      return {
        snapshot: state.snapshot(NOW, burst),
        timeline: state.timeline(240_000, NOW),
        picture: state.picture(NOW),
        promises: board.read().promises,
        lesson: lesson?.read() ?? null
      }
    }
  }
}

/** Sales of the versions in a repeatable random order. */
export function salesOf(counts: Readonly<Record<string, number>>): readonly Ending[] {
  const sales = Object.entries(counts).flatMap(([version, count]) =>
    Array.from({ length: count }, (_, index) => ({ version, at: pseudoRandom(version, index) }))
  )
  return sales.sort((a, b) => a.at - b.at).map(({ version }) => ({ sells: version }))
}

/** Ten sales a second by weights, as a mesh would share them. */
export function shared(weights: Split, seconds: number): readonly Ending[] {
  return Array.from({ length: seconds * 10 }, (_, index) => {
    const at = pseudoRandom('share', index)
    let below = 0
    for (const [version, weight] of Object.entries(weights)) {
      below += weight
      if (at < below) return { sells: version }
    }
    throw new RangeError(`expected weights that sum to 1, got ${JSON.stringify(weights)}`)
  })
}

/** The same ending ten times a second. */
export function always(ending: Ending, seconds: number): readonly Ending[] {
  return Array.from({ length: seconds * 10 }, () => ending)
}

const REFUSED = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:14011'), {
  code: 'ECONNREFUSED'
})

function answerHeaders(identity: string, sold: Map<string, number>) {
  const number = (sold.get(identity) ?? 0) + 1
  sold.set(identity, number)
  const books = { instance: `${identity}-x2k4q`, sold: number, restocked: number, outbox: 0 }
  const warehouseTotal = [...sold.values()].reduce((sum, one) => sum + one, 0)
  return { identity, ...booksHeaders({ ...books, dropped: 0, warehouseTotal }) }
}

function fileOf(file: string | PolicyFile): PolicyFile {
  if (typeof file !== 'string') return file
  const url = new URL(`../../../deploy/policies/${file}.yaml`, import.meta.url)
  return { name: `${file}.yaml`, text: readFileSync(url, 'utf8') }
}

// the fractional part of a sine: even enough for pictures, and the same each time
function pseudoRandom(name: string, index: number): number {
  const value = Math.sin((index + 1) * 12.9898 + name.length * 78.233 + name.charCodeAt(name.length - 1)) * 43758.5453
  return value - Math.floor(value)
}
