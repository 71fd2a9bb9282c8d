import type { ApiClient } from '../api/api-client.ts'
import type { Context } from '../command.ts'
import { CommandError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { findService } from '../ledger/addresses.ts'
import { httpUrl } from '../options.ts'
import { table } from '../text/table.ts'
import type { ServiceName } from '../up/up-config.ts'
import { explanationOf, type JudgedCell, judgeCells, strangers } from './judge-cells.ts'

/** Who is asked: the addresses that were named; without any, the whole shop. */
export interface Probed {
  readonly buyer?: string | undefined
  readonly thief?: string | undefined
  readonly store?: readonly string[] | undefined
  readonly warehouse?: string | undefined
}

/** Tries every pair of the shop, and compares each with what the policies say that the buyer knows. */
export async function probeAccess(
  api: ApiClient,
  probed: Probed,
  {
    output,
    context,
    isLenient
  }: { readonly output: 'text' | 'json'; readonly context: Context; readonly isLenient: boolean }
): Promise<number> {
  const buyer = (await findService('bookbuyer', '--buyer', probed.buyer, context)).url
  const urls = await urlsOf(probed, buyer, context)
  const { policies } = await api.snapshot(buyer)
  if (policies.problems.length > 0 && !isLenient) throw new CommandError(policies.problems.join('\n'))
  const declared = await api.declaredCells(buyer)
  const reports = await Promise.all(urls.map(api.probe))
  const unknown = strangers(declared, reports)
  if (unknown.length > 0) throw new CommandError(`expected workloads of the shop, got ${unknown.join(', ')}`)
  const cells = judgeCells(declared, reports)
  const exitCode = exitCodeOf(cells)
  context.out(output === 'json' ? JSON.stringify({ cells, exitCode }, null, 2) : textOf(cells))
  return exitCode
}

async function urlsOf(probed: Probed, buyer: string, context: Context): Promise<readonly string[]> {
  const { thief, store, warehouse } = probed
  const isSome = [probed.buyer, thief, store, warehouse].some(value => value !== undefined)
  const found = async (name: ServiceName, option: string, value?: string) =>
    isSome && value === undefined ? [] : [(await findService(name, option, value, context)).url]
  const stores = store
    ? store.map(url => httpUrl('--store', url))
    : await Promise.all([found('bookstore-v1', '--store'), found('bookstore-v2', '--store')])
  const others = [await found('bookthief', '--thief', thief), await found('bookwarehouse', '--warehouse', warehouse)]
  return [...(isSome && probed.buyer === undefined ? [] : [buyer]), ...others.flat(), ...stores.flat()]
}

function exitCodeOf(cells: readonly JudgedCell[]): number {
  if (cells.some(({ verdict }) => verdict === 'wrong')) return EXIT.NO
  return cells.length === 0 || cells.some(({ verdict }) => verdict === 'unknown') ? EXIT.UNDECIDED : EXIT.YES
}

function textOf(cells: readonly JudgedCell[]): string {
  const rows = cells.map(cell => [
    cell.source,
    cell.destination,
    `${cell.method} ${cell.path}`,
    cell.allowed ? 'allowed' : 'denied',
    cell.met,
    cell.verdict.toUpperCase(),
    cell.how
  ])
  const counted = (['right', 'wrong', 'unknown'] as const)
    .map(verdict => ({ verdict, count: cells.filter(cell => cell.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
  const explained = cells.map(explanationOf).filter(text => text !== '')
  return [
    table(['from', 'to', 'request', 'policies', 'met', 'verdict', 'how'], rows),
    counted.map(({ verdict, count }) => `${count} ${verdict}`).join(', '),
    ...explained
  ].join('\n')
}
