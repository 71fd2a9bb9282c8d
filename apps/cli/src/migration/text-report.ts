import { columns, table } from '../text/table.ts'
import type { MigrationReport } from './report.ts'
import { boundOf, clock, proxyText, splitText, statementsOf } from './words.ts'

/** The report for a terminal. */
export function textReport(report: MigrationReport): string {
  const { from, to, proxies, before, after, events } = report
  const statements = statementsOf(report)
  const spells = statements.flatMap(({ title, finding }) =>
    (finding?.spells ?? []).map(spell => [title, clock(spell.from), clock(spell.to), spell.evidence])
  )
  const seen = proxies.map(({ proxy, first, last, answers }) => [
    proxyText(proxy),
    clock(first),
    clock(last),
    String(answers)
  ])
  const parts = [
    `From ${new Date(from).toISOString()} to ${new Date(to).toISOString()} (times are UTC)`,
    columns(statements.map(({ title, value, meaning }) => [title, value, meaning])),
    columns([
      ['Split before', splitText(before)],
      ['Split after', splitText(after)]
    ]),
    seen.length === 0
      ? 'No answer showed its proxy.'
      : table(['proxy of the answers', 'first', 'last', 'answers'], seen),
    spells.length === 0 ? '' : table(['what', 'from', 'to', 'evidence'], spells),
    events.length === 0
      ? ''
      : table(
          ['time', 'who', 'event', 'text'],
          events.map(({ at, who, event, text }) => [clock(at), who, event, text])
        ),
    boundOf(report)
  ]
  return parts.filter(Boolean).join('\n\n')
}
