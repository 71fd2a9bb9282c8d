import type { Health, JudgedWindow, Snapshot } from '@bookstore/contract'
import type { Judge, JudgeWindow } from '@bookstore/verdict'
import type { ShopperConfig } from '../config.ts'
import type { BurstProgress } from '../shopping/burst.ts'
import type { AccessTrial } from './access-trial.ts'
import type { AlarmWatch } from './alarm.ts'
import type { DeclaredWeights } from './declared.ts'
import { headlineOf } from './headline.ts'
import { HEALTH_SECONDS, healthOf } from './health.ts'
import { withKnownReasons } from './known-reason.ts'
import type { MeshSight } from './mesh-sight.ts'
import type { Observations } from './observations.ts'
import type { PolicyView } from './policy-feed.ts'

/** What a snapshot is a view of. */
export interface SnapshotParts {
  readonly config: ShopperConfig
  readonly startedAt: number
  readonly declared: DeclaredWeights
  readonly judge: Judge
  readonly alarms: AlarmWatch
  readonly access: AccessTrial
  readonly mesh: MeshSight
  readonly observations: Observations
  readonly policies: () => PolicyView
}

/** All that a shopper knows, as page, API and metrics show it. */
export function snapshotOf(parts: SnapshotParts, now: number, burst: BurstProgress | null): Snapshot {
  const { config, startedAt, declared, judge, alarms, access, mesh, observations, policies } = parts
  const current = judge.current(now)
  const health = healthAt(parts, now)
  const known = { declaration: declared.current(), policies: policies().declared, health }
  const judged = {
    app: config.role,
    health,
    alarm: alarms.alarmOf(current),
    counts: observations.counts(),
    verdict: withKnownReasons(current.verdict, known),
    access: access.verdict(),
    window: windowView(current, now),
    policies: policies().status,
    lastOutcome: observations.lastOutcome()
  }
  return {
    ...judged,
    identity: config.identity,
    at: isoTime(now),
    startedAt: isoTime(startedAt),
    headline: headlineOf(judged, observations.failuresInARow()),
    declared: declared.current(),
    earlierWindows: judge.history().map(window => windowView(window, now)),
    latency: observations.latency(),
    mesh: mesh.read(),
    ledger: observations.ledger(),
    pace: paceOf(config, observations.perSecond(now)),
    burst
  }
}

function healthAt({ config, startedAt, declared, access, observations }: SnapshotParts, now: number): Health {
  const last = observations.lastOutcome()
  return healthOf({
    buckets: observations.timeline({ since: now - HEALTH_SECONDS * 1000, now }),
    lastAnswers: observations.lastAnswers(),
    declared: declared.current().split,
    expected: access.expected(),
    judgedFrom: access.judgedFrom(),
    lastOutcomeAt: last && Date.parse(last.at),
    startedAt,
    paceMs: config.paceMs,
    now
  })
}

function windowView(window: JudgeWindow, now: number): JudgedWindow {
  const { id, from, to, declared, source, verdict, settling, staleAnswers } = window
  return {
    id,
    from: isoTime(from),
    to: to === null ? null : isoTime(to),
    declared,
    source,
    status: verdict.status,
    reason: verdict.reason,
    purchases: verdict.purchases,
    settling: to === null && settling !== null && now < settling.until,
    convergence: settling?.text ?? null,
    convergenceSeconds: settling?.convergedAfterMs == null ? null : Math.max(settling.convergedAfterMs, 0) / 1000,
    staleAnswers
  }
}

function isoTime(at: number): string {
  return new Date(at).toISOString()
}

function paceOf({ concurrency }: ShopperConfig, purchasesPerSecond: number): Snapshot['pace'] {
  return { purchasesPerSecond, concurrency }
}
