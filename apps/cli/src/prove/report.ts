import { type PromiseResult, type PromiseStatus, promiseTitle } from '@bookstore/contract'
import { EXIT } from '../exit-codes.ts'
import { type JunitSuite, junit } from '../verify/junit.ts'
import type { ProveOutput } from './arguments.ts'
import { provePage } from './page.ts'
import { PROMISE_WORDS, type ProveReport, rowsOf } from './words.ts'

const SIGNS: Readonly<Record<PromiseStatus, string>> = {
  pass: '√',
  fail: '×',
  pending: '‼',
  'not-declared': '-',
  'not-visible': '?'
}

/** 1 when a promise is not kept; 0 when some are kept and the rest is not declared or cannot be seen; else 2. */
export function exitCodeOfPromises(results: readonly Pick<PromiseResult, 'status'>[]): number {
  const has = (status: PromiseStatus) => results.some(result => result.status === status)
  if (has('fail')) return EXIT.NO
  return has('pending') || !has('pass') ? EXIT.UNDECIDED : EXIT.YES
}

/** The report as the output wants it. */
export function formatProof(report: ProveReport, exitCode: number, output: ProveOutput): string {
  if (output === 'json') return JSON.stringify({ ...report, exitCode }, null, 2)
  if (output === 'junit') return junit(suiteOf(report))
  return output === 'html' ? provePage(report) : textOf(report, exitCode)
}

/** What is printed instead when nothing could be proven; text has it on standard error. */
export function formatProofFault(url: string, message: string, output: ProveOutput): string | undefined {
  const exitCode = EXIT.COULD_NOT_RUN
  if (output === 'json')
    return JSON.stringify({ url, status: 'error', exitCode, reason: message, results: [] }, null, 2)
  if (output !== 'junit') return undefined
  return junit({
    name: SUITE,
    seconds: 0,
    cases: [{ name: url, outcome: { kind: 'error', type: 'could-not-run', message } }]
  })
}

const SUITE = 'bookstore prove'

function textOf({ judged, results, problems, note }: ProveReport, exitCode: number): string {
  const lines = results.flatMap(result => [
    `${SIGNS[result.status]} ${promiseTitle(result.name)}: ${PROMISE_WORDS[result.status]}`,
    ...rowsOf(result).map(([name, text]) => `    ${name.padEnd(12)}${text}`)
  ])
  const count = (status: PromiseStatus) => results.filter(result => result.status === status).length
  const declared = results.length - count('not-declared')
  const unseen = count('not-visible') === 0 ? '' : `, ${count('not-visible')} cannot be seen from here`
  const sign = exitCode === EXIT.YES ? '√' : exitCode === EXIT.NO ? '×' : '‼'
  return [
    'promises of the mesh',
    '--------------------',
    ...lines,
    '',
    `${count('pass')} of ${declared} declared promises are kept${unseen} ${sign}`,
    ...problems.map(problem => `warning: ${problem}`),
    ...(note === '' ? [] : [note]),
    judged
  ].join('\n')
}

function suiteOf({ results, seconds }: ProveReport): JunitSuite {
  const cases = results.map(result => {
    const { name, status, reason } = result
    const details = rowsOf(result)
      .map(([row, text]) => `${row}: ${text}`)
      .join('\n')
    if (status === 'pass') return { name, details }
    if (status === 'not-declared' || status === 'not-visible') {
      return { name, details, outcome: { kind: 'skipped' as const, type: status, message: reason } }
    }
    const kind = status === 'fail' ? ('failure' as const) : ('error' as const)
    return { name, details, outcome: { kind, type: status === 'fail' ? 'fail' : 'not-enough-data', message: reason } }
  })
  return { name: SUITE, seconds, cases }
}
