import { formatSplit } from '@bookstore/contract'
import type { Finding, MigrationReport, SplitSeen } from './report.ts'

/** One line of the report: what is asked, what was found, and how it is known. */
export interface Statement {
  readonly title: string
  readonly value: string
  readonly meaning: string
  readonly finding?: Finding
}

/** What the report says, in the order in which a person asks. */
export function statementsOf(report: MigrationReport): readonly Statement[] {
  const { outage, unenforced, unproven, unobserved } = report
  return [
    { title: 'Outage', value: secondsText(outage), meaning: 'the buyer tried and could not buy', finding: outage },
    { title: 'Unenforced', value: secondsText(unenforced), meaning: 'the thief bought', finding: unenforced },
    {
      title: 'Without proof of identity',
      value: secondsText(unproven),
      meaning: 'the buyer bought from a store to which no identity was proved; OSM never proves one to it',
      finding: unproven
    },
    {
      title: 'Not observed, buyer',
      value: secondsText(unobserved.bookbuyer),
      meaning: 'there is no record, as while its own pod is replaced; an outage in it is not counted',
      finding: unobserved.bookbuyer
    },
    {
      title: 'Not observed, thief',
      value: secondsText(unobserved.bookthief),
      meaning: 'there is no record; a theft in it is not counted',
      finding: unobserved.bookthief
    }
  ]
}

/** How finely the record can see, in words. */
export function boundOf({ pace }: MigrationReport): string {
  const tries = (number: number) => `${number} ${number === 1 ? 'time' : 'times'} in a second in which it tried`
  return `The buyer tried ${tries(pace.bookbuyer)}, the thief ${tries(pace.bookthief)}. The record counts whole seconds: each end of a stretch is known to ± 1 s, and what passes between two tries is not seen. A thief that tries once a second cannot see less than a second.`
}

/** `bookstore-v1 50.2 %, bookstore-v2 49.8 % of 1200`, or that nothing was bought. */
export function splitText({ byVersion }: SplitSeen): string {
  const total = Object.values(byVersion).reduce((sum, count) => sum + count, 0)
  if (total === 0) return 'nothing was bought'
  const shares = Object.entries(byVersion).map(([version, count]) => [version, count / total] as const)
  return `${formatSplit(Object.fromEntries(shares))} of ${total}`
}

/** The proxies of the answers by what they are. */
export function proxyText(proxy: string): string {
  const known: Readonly<Record<string, string>> = {
    envoy: "Envoy without a SPIFFE identity (OSM's, or Istio's in plain text)",
    istio: "Istio's Envoy",
    linkerd: "Linkerd's proxy",
    none: 'none'
  }
  return known[proxy] ?? proxy
}

/** `14:03:21`, in UTC as the record is. */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}

function secondsText({ seconds, spells }: Finding): string {
  return spells.length === 0
    ? '0 s'
    : `${seconds} s in ${spells.length} ${spells.length === 1 ? 'stretch' : 'stretches'}`
}
