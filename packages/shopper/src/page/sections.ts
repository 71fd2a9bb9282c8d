import { html, type SafeHtml } from '@bookstore/common'
import type { Snapshot } from '@bookstore/contract'
import type { Scene } from '../api/page-view.ts'
import type { SeenRequest } from '../state/request-sample.ts'
import { renderBanner } from './banner.ts'
import { renderPace } from './controls.ts'
import { renderDeclared } from './declared.ts'
import { renderFaults } from './faults.ts'
import { renderFunnel } from './funnel.ts'
import { renderLedger } from './ledger.ts'
import { renderLesson, renderWeights } from './lesson.ts'
import { renderOutcomes } from './outcomes.ts'
import { renderMesh, renderPolicies, renderProblems } from './policies.ts'
import { renderPromises } from './promises.ts'
import { renderShelf } from './shelf.ts'
import { renderTopology } from './topology.ts'
import { renderTotals } from './totals.ts'
import { renderVersions } from './versions.ts'
import { renderWindows } from './windows.ts'

const SECTIONS = {
  verdict: renderBanner,
  problems: snapshot => html`${renderFaults(snapshot)}${renderProblems(snapshot)}`,
  pace: renderPace,
  topology: renderTopology,
  lesson: renderLesson,
  weights: renderWeights,
  versions: renderVersions,
  outcomes: renderOutcomes,
  shelf: (snapshot, { timeline }) => renderShelf(snapshot, timeline),
  funnel: renderFunnel,
  declared: renderDeclared,
  promises: renderPromises,
  policies: renderPolicies,
  ledger: renderLedger,
  mesh: renderMesh,
  windows: renderWindows,
  totals: renderTotals
} as const satisfies Record<string, (snapshot: Snapshot, scene: Scene) => SafeHtml>

/** Id of an element of the page whose content changes with the snapshot. */
export type SectionId = keyof typeof SECTIONS

/** The content of every section that changes, by the id of its element. */
export function renderSections(scene: Scene): Readonly<Record<SectionId, string>> {
  const entries = Object.entries(SECTIONS).map(([id, render]) => [id, render(scene.snapshot, scene).markup])
  return Object.fromEntries(entries) as Record<SectionId, string>
}

/** What the page is sent when something changed. */
export interface LiveView {
  /** Version of script and styles; a page with another one loads itself anew. */
  readonly assets: string
  /** ISO 8601. */
  readonly at: string
  readonly status: Snapshot['headline']['status']
  readonly title: string
  /** The newest requests, a dot each. */
  readonly requests: readonly SeenRequest[]
  /** Markup by the id of its section. */
  readonly sections: Readonly<Record<string, string>>
}

/**
 * The data of a `live` event, JSON: the sections, their time, the headline for who listens, and the version of the
 * assets, so that a page of an older program reloads itself.
 */
export function liveEvent(scene: Scene, assetVersion: string): string {
  const { snapshot } = scene
  const { status, title } = snapshot.headline
  const sections = renderSections(scene)
  const live: LiveView = {
    assets: assetVersion,
    at: snapshot.at,
    status,
    title,
    requests: scene.picture.requests,
    sections
  }
  return JSON.stringify(live)
}
