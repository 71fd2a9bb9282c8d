import type { Status } from '@bookstore/contract'
import { EXIT } from '../exit-codes.ts'
import { NOT_JUDGED, splitDetails, statusWord, UNREADABLE } from '../text/verdict-text.ts'
import type { Check } from './checks.ts'
import { junit } from './junit.ts'

/** What `bookstore verify` found, for all of its outputs. */
export interface Report {
  readonly url: string
  /** Who was judged, where, and by which policies. */
  readonly judged: string
  /** What keeps the shopper from following the policies as they are now: it judges by those it could read. */
  readonly problems: readonly string[]
  readonly status: Status
  readonly checks: readonly Check[]
  readonly seconds: number
}

export type Output = 'text' | 'json' | 'junit'

/** The report as the output wants it. */
export function formatReport(report: Report, exitCode: number, output: Output): string {
  if (output === 'json') return jsonText({ ...report, ...(isRefused(exitCode) && REFUSED), exitCode })
  return output === 'junit' ? junitText(report, exitCode) : text(report, exitCode)
}

/** What is printed instead when nothing could be judged; text has it on standard error. */
export function formatFault(url: string, message: string, output: Output): string | undefined {
  if (output === 'json')
    return jsonText({ url, status: 'error', exitCode: EXIT.COULD_NOT_RUN, reason: message, checks: [] })
  if (output === 'text') return undefined
  return junit({
    name: SUITE,
    seconds: 0,
    cases: [{ name: url, outcome: { kind: 'error', type: 'could-not-run', message } }]
  })
}

const SUITE = 'bookstore verify'

function isRefused(exitCode: number): boolean {
  return exitCode === EXIT.COULD_NOT_RUN
}

// who reads only the status must not take what older policies gave for an answer
const REFUSED = { status: 'error', reason: UNREADABLE }

function text({ judged, checks, problems }: Report, exitCode: number): string {
  const parts = checks.map(({ name, status, reason, verdict }) => {
    const head = `${statusWord(status)}  ${name}: ${reason}`
    return verdict !== null && 'versions' in verdict && verdict.purchases > 0
      ? `${head}\n${indented(splitDetails(verdict))}`
      : head
  })
  const warnings = problems.map(problem => `warning: the last good policies decided: ${problem}`)
  const told = [...parts, ...warnings].join('\n')
  return [...(isRefused(exitCode) ? [`${NOT_JUDGED}\n${indented(told)}`] : [told]), judged].join('\n')
}

function indented(lines: string): string {
  return lines.replace(/^/gm, '  ')
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

function junitText({ checks, seconds }: Report, exitCode: number): string {
  const cases = checks.map(({ name, status, reason, verdict }) => {
    const details = verdict !== null && 'versions' in verdict ? splitDetails(verdict) : undefined
    if (status === 'pass') return { name, details: reason }
    const kind = status === 'fail' ? ('failure' as const) : ('error' as const)
    const type = status === 'fail' ? 'fail' : 'not-enough-data'
    return { name, details, outcome: { kind, type, message: reason } }
  })
  const refusal = { kind: 'error' as const, type: 'could-not-run', message: UNREADABLE }
  const refused = isRefused(exitCode) ? [{ name: 'policies', outcome: refusal }] : []
  return junit({ name: SUITE, seconds, cases: [...cases, ...refused] })
}
