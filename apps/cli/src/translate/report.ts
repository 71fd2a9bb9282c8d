import { DEFAULT_DIFFERENCES, type Disagreement, type Translation } from '@bookstore/policy'
import { columns } from '../text/table.ts'

/** What a person has to know of a translation, a line each: refused, narrowed, and what was compared. */
export function translationReport(
  { objects, refusals, notes }: Translation,
  compared: { readonly requests: number; readonly disagreements: readonly Disagreement[] }
): readonly string[] {
  const refused = refusals.flatMap(({ object, reason, todo }) => [`refused: ${object}: ${reason}`, `  to do: ${todo}`])
  const noted = notes.map(({ object, text }) => `note: ${object}: ${text}`)
  const differing = compared.disagreements.map(
    ({ request, before }) =>
      `differs: ${request.source.namespace}/${request.source.serviceAccount} -> ${request.destination.name} ${request.method} ${request.path}: ${before ? 'allowed before, denied now' : 'denied before, allowed now'}`
  )
  return [...new Set([...refused, ...noted, ...differing]), summary(objects.length, refusals.length, compared)]
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

function summary(
  objects: number,
  refusals: number,
  { requests, disagreements }: { readonly requests: number; readonly disagreements: readonly Disagreement[] }
): string {
  const alike = requests - disagreements.length
  const refused = refusals === 0 ? 'nothing refused' : `${refusals} refused`
  return `${objects} objects, ${refused}; ${alike} of ${requests} requests decide alike before and after. See also: bookstore translate --differences`
}
