import type { Snapshot } from '@bookstore/contract'
import type { ApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'
import { untilBalanced } from '../ledger/until-balanced.ts'
import type { RunFile } from '../up/run-file.ts'
import { type Finding, finding } from './finding.ts'

const SECTION = 'running bookstore'
const PAGE = 'troubleshooting.md#'
const SILENT_MS = 10_000
const BOOKS_WAIT_MS = 5_000

/** Whether a running `bookstore up` is in order: everybody answers, policies are in force, verdicts, books. */
export async function checkRunning(run: RunFile, api: ApiClient, signal: AbortSignal): Promise<readonly Finding[]> {
  const url = (name: string) => run.urls[name] ?? ''
  const answers = await Promise.all([
    checkAnswer('bookstore-v1', () => api.json(`${url('bookstore-v1')}/api/ledger`)),
    checkAnswer('bookstore-v2', () => api.json(`${url('bookstore-v2')}/api/ledger`)),
    checkAnswer('bookwarehouse', () => api.json(`${url('bookwarehouse')}/raw`))
  ])
  const shoppers = await Promise.all(['bookbuyer', 'bookthief'].map(name => checkShopper(name, url(name), api)))
  const findings = [...answers, ...shoppers.flat()]
  if (answers.some(({ status }) => status === 'fail')) return findings
  return [...findings, await checkBooks(url, api, signal)]
}

async function checkAnswer(name: string, ask: () => Promise<unknown>): Promise<Finding> {
  try {
    await ask()
    return finding(SECTION, `${name} answers`)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return finding(SECTION, `${name} answers`, { hint: error.message, page: `${PAGE}cannot-be-reached` })
  }
}

async function checkShopper(name: string, url: string, api: ApiClient): Promise<readonly Finding[]> {
  let snapshot: Snapshot
  try {
    snapshot = await api.snapshot(url)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [finding(SECTION, `${name} answers`, { hint: error.message, page: `${PAGE}cannot-be-reached` })]
  }
  return [finding(SECTION, `${name} answers`), ...shopperFindings(name, snapshot, Date.now())]
}

/** What a shopper's state says of itself; `now` in ms since the epoch. */
export function shopperFindings(name: string, snapshot: Snapshot, now: number): readonly Finding[] {
  const { policies, access, verdict, lastOutcome } = snapshot
  const trouble = (isFine: boolean, hint: string, page: string) => (isFine ? undefined : { hint, page })
  const isShopping = lastOutcome !== null && now - Date.parse(lastOutcome.at) < SILENT_MS
  const seen = lastOutcome === null ? 'it has not tried yet' : `the last attempt: ${lastOutcome.text}`
  const split = name === 'bookbuyer' && access.expected === 'allowed'
  return [
    finding(
      SECTION,
      `${name} can read its policies`,
      trouble(policies.problems.length === 0, policies.problems.join('\n'), `${PAGE}not-in-force`)
    ),
    finding(
      SECTION,
      `${name} shops, and its last attempt was answered`,
      trouble(isShopping && lastOutcome.kind !== 'failed', seen, `${PAGE}no-store-answers`)
    ),
    finding(
      SECTION,
      `${name} is ${typeof access.expected === 'number' ? `met with ${access.expected}` : access.expected}, as expected`,
      trouble(access.status !== 'fail', access.reason, `${PAGE}access-is-not-as-expected`)
    ),
    ...(split
      ? [
          finding(
            SECTION,
            'the split does not contradict what is declared',
            trouble(verdict.status !== 'fail', verdict.reason, `${PAGE}the-split-is-wrong`)
          )
        ]
      : [])
  ]
}

async function checkBooks(url: (name: string) => string, api: ApiClient, signal: AbortSignal): Promise<Finding> {
  const keepers = {
    shoppers: [url('bookbuyer'), url('bookthief')],
    stores: [url('bookstore-v1'), url('bookstore-v2')],
    warehouse: url('bookwarehouse')
  }
  const { isBalanced, isUndecided, differences } = await untilBalanced(api, keepers, { waitMs: BOOKS_WAIT_MS, signal })
  const hint = differences.join('\n')
  return finding(
    SECTION,
    'the books balance',
    isBalanced ? undefined : { hint, page: `${PAGE}not-balanced`, isWarning: isUndecided }
  )
}
