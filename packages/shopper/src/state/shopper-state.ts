import type { ExpectedAccess, Snapshot, Split, TimelineBucket } from '@bookstore/contract'
import { createJudge, type Judge, type Purchase } from '@bookstore/verdict'
import type { ShopperConfig } from '../config.ts'
import type { Attempt } from '../shopping/attempt.ts'
import type { BurstProgress } from '../shopping/burst.ts'
import type { ProxyPresence } from '../shopping/outcome.ts'
import { type AccessTrial, createAccessTrial } from './access-trial.ts'
import { createAlarmWatch } from './alarm.ts'
import { createDeclaredWeights, type DeclaredWeights } from './declared.ts'
import { expectationOf } from './expectation.ts'
import { createFollowing } from './following.ts'
import { createInOrder } from './in-order.ts'
import { createMeshSight } from './mesh-sight.ts'
import { createObservations } from './observations.ts'
import { createPictureMaker, type Picture } from './picture.ts'
import type { PolicyView } from './policy-feed.ts'
import { snapshotOf } from './snapshot-of.ts'

/** Everything a shopper knows; the only place where its numbers are kept. */
export interface ShopperState {
  /** The ticket of an attempt to buy that is about to be sent. */
  begin(): number
  /**
   * Takes one attempt to buy, which ended now; the split is judged in the order of the tickets. Policies that have
   * changed meanwhile are taken up first, or what they brought about would be held against those before them.
   */
  observe(attempt: Attempt, now: number): void
  /**
   * Takes up what the policies say now; gives true when fresh connections are due, once after each
   * settling time.
   */
  review(now: number): boolean
  /** Declares weights in the name of a person; null takes that back. */
  declare(split: Split | null, detail: string, now: number): void
  reset(now: number): void
  /** Begins a window with what is declared already; the counts go on. */
  openWindow(now: number): void
  snapshot(now: number, burst: BurstProgress | null): Snapshot
  timeline(sinceMs: number, now: number): readonly TimelineBucket[]
  picture(now: number): Picture
  expectedAccess(): ExpectedAccess
  /** Whether a proxy stands between us and the store, as far as answers told. */
  proxy(): ProxyPresence
}

export interface ShopperStateOptions {
  /** Asked whenever it matters what the policies say. */
  readonly policies: () => PolicyView
  /** Start of the program, ms since the epoch. */
  readonly now: number
}

/** Starts with nothing bought. */
export function createShopperState(
  config: ShopperConfig,
  { policies, now: startedAt }: ShopperStateOptions
): ShopperState {
  const declared = createDeclaredWeights(config.expectedSplit)
  const first = policies()
  declared.fromPolicies(first.declared)
  const { judge, access } = startJudging(config, declared, first, startedAt)
  const mesh = createMeshSight(config.policyDir === undefined ? config.mesh : 'local')
  const observations = createObservations()
  const sent = createInOrder<Purchase>(judge.observe)
  const settling = createSettlingTimer(config.settleMs)
  const pictures = createPictureMaker(config)
  const alarms = createAlarmWatch(config.failAlpha)
  const lookNow = atMostEvery(LOOK_MS, now => {
    const window = judge.current(now)
    alarms.look(window)
    pictures.look(window)
  })
  const following = createFollowing({
    config,
    policies,
    first,
    declared,
    judge,
    access,
    onChange(now) {
      sent.forget()
      settling.begin(now)
      observations.restartSilence(now + config.settleMs)
    }
  })

  return {
    begin: sent.begin,
    observe(attempt, now) {
      following.policies(now)
      const { answer, ticket = sent.begin() } = attempt
      observations.record(attempt)
      pictures.record(attempt)
      access.observe(attempt)
      if (answer) mesh.record(answer.headers)
      sent.end(ticket, purchaseOf(attempt, mesh.proxy()))
    },
    review(now) {
      following.policies(now)
      lookNow(now)
      return settling.isOver(now)
    },
    declare(next, detail, now) {
      declared.fromPage(next, detail)
      following.weights(now)
    },
    reset(now) {
      observations.clear()
      judge.reset(now)
      sent.forget()
      access.reset(now)
    },
    openWindow(now) {
      judge.reset(now)
      sent.forget()
    },
    snapshot(now, burst) {
      // the policies that it tells are those that it judges by
      following.policies(now)
      return snapshotOf(
        { config, startedAt, declared, judge, alarms, access, mesh, observations, policies },
        now,
        burst
      )
    },
    timeline: (sinceMs, now) => observations.timeline({ since: now - sinceMs, now }),
    picture: now => pictures.read(judge.current(now), now),
    expectedAccess: access.expected,
    proxy: mesh.proxy
  }
}

// a verdict costs some hundred microseconds
const LOOK_MS = 500

function atMostEvery(ms: number, look: (now: number) => void): (now: number) => void {
  let last = -Infinity
  return now => {
    if (now - last < ms) return
    last = now
    look(now)
  }
}

function createSettlingTimer(settleMs: number) {
  let until = Infinity
  return {
    begin(now: number) {
      until = now + settleMs
    },
    /** True once for each settling time. */
    isOver(now: number): boolean {
      if (now < until) return false
      until = Infinity
      return true
    }
  }
}

function startJudging(
  config: ShopperConfig,
  declared: DeclaredWeights,
  view: PolicyView,
  now: number
): { readonly judge: Judge; readonly access: AccessTrial } {
  const { alpha, tolerance, settleMs } = config
  const { split, source } = declared.current()
  return {
    judge: createJudge({
      declared: split,
      source,
      alpha,
      tolerance,
      settleMs,
      replicas: config.replicas,
      now
    }),
    access: createAccessTrial(expectationOf(config, view), { alpha, settleMs, now })
  }
}

function purchaseOf({ outcome, answer, at }: Attempt, proxy: ProxyPresence): Purchase | undefined {
  if (outcome.kind !== 'bought') return undefined
  return {
    version: outcome.version,
    at,
    connectionOpenedAt: answer?.connectionsSince,
    // the local mesh chooses before there is a connection, so each of its connections leads to one pod and shows nothing
    connection: proxy === 'in-process' ? undefined : answer?.connection
  }
}
