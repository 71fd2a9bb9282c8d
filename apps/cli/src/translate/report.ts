import { DEFAULT_DIFFERENCES, type Disagreement, type OtherDisagreement, type Translation } from '@bookstore/policy'
import { columns } from '../text/table.ts'

/** How both sets of policies answered. */
export interface Compared {
  readonly requests: number
  readonly disagreements: readonly Disagreement[]
  /** Questions about retries, bounds of connections, and ways in and out of the mesh. */
  readonly questions: number
  readonly others: readonly OtherDisagreement[]
}

/** What a person has to know of a translation, a line each: refused, narrowed, and what was compared. */
export function translationReport({ objects, refusals, notes }: Translation, compared: Compared): readonly string[] {
  const refused = refusals.flatMap(({ object, reason, todo }) => [`refused: ${object}: ${reason}`, `  to do: ${todo}`])
  const noted = notes.map(({ object, text }) => `note: ${object}: ${text}`)
  const differing = compared.disagreements.map(
    ({ request, before }) =>
      `differs: ${request.source.namespace}/${request.source.serviceAccount} -> ${request.destination.name} ${request.method} ${request.path}: ${before ? 'allowed before, denied now' : 'denied before, allowed now'}`
  )
  const others = compared.others.map(({ about, before, after }) => `differs: ${about}: ${before} before, ${after} now`)
  return [
    ...new Set([...refused, ...noted, ...differing, ...others]),
    summary(objects.length, refusals.length, compared)
  ]
}

/** The differences of the defaults as a table. */
export function differencesTable(): string {
  return DEFAULT_DIFFERENCES.map(
    ({ about, osm, istio }) =>
      `${about}\n${columns([
        ['  OSM', osm],
        ['  Istio', istio]
      ])}`
  ).join('\n')
}

function summary(objects: number, refusals: number, { requests, disagreements, questions, others }: Compared): string {
  const alike = requests - disagreements.length
  const refused = refusals === 0 ? 'nothing refused' : `${refusals} refused`
  const answered =
    questions === 0 ? '' : `, ${questions - others.length} of ${questions} other questions are answered alike`
  return `${objects} objects, ${refused}; ${alike} of ${requests} requests decide alike before and after${answered}. See also: bookstore translate --differences`
}
