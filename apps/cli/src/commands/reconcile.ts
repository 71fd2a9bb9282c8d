import { createApiClient } from '../api/api-client.ts'
import type { Command, Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { addressOf } from '../ledger/addresses.ts'
import type { Reconciliation } from '../ledger/books.ts'
import type { BookKeepers } from '../ledger/read-books.ts'
import { untilBalanced } from '../ledger/until-balanced.ts'
import { httpUrl, oneOf, parsedBy, readOptions } from '../options.ts'
import { parseDuration } from '../text/duration.ts'
import { columns } from '../text/table.ts'

export const reconcile: Command = {
  name: 'reconcile',
  summary: 'whether every book that was bought was sold once and restocked once',
  help: `Usage: bookstore reconcile [OPTIONS]

Compares what buyer and thief bought, what the stores sold, what the warehouse acknowledged and what it has
in stock, until they are equal or the time is up; then says by how much they differ and why that can be.
Addresses are those of the running bookstore up, else the usual ports of this machine.

      --buyer URL, --thief URL, --store URL (may be repeated), --warehouse URL
      --wait DURATION    how long to wait for what is in flight (default 30s)
  -o, --output           text (default) or json

Exit code: 0 balanced, 1 not, 2 not decided because the shop never rested, 3 could not run.`,

  async run(args, context) {
    const { values } = readOptions(args, {
      buyer: { type: 'string' },
      thief: { type: 'string' },
      store: { type: 'string', multiple: true },
      warehouse: { type: 'string' },
      wait: { type: 'string', default: '30s' },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json'])
    const waitMs = parsedBy('--wait', values.wait, parseDuration)
    const keepers = await keepersOf(values, context)
    const api = createApiClient({ signal: context.stop })
    try {
      const found = await untilBalanced(api, keepers, { waitMs, signal: context.stop })
      context.out(output === 'json' ? JSON.stringify(found, null, 2) : reconciliationText(found))
      return found.isBalanced ? EXIT.YES : found.isUndecided ? EXIT.UNDECIDED : EXIT.NO
    } finally {
      await api.close()
    }
  }
}

async function keepersOf(
  values: {
    readonly buyer?: string | undefined
    readonly thief?: string | undefined
    readonly store?: readonly string[] | undefined
    readonly warehouse?: string | undefined
  },
  context: Context
): Promise<BookKeepers> {
  const stores = values.store
    ? values.store.map(url => httpUrl('--store', url))
    : await Promise.all([
        addressOf('bookstore-v1', '--store', undefined, context),
        addressOf('bookstore-v2', '--store', undefined, context)
      ])
  return {
    shoppers: await Promise.all([
      addressOf('bookbuyer', '--buyer', values.buyer, context),
      addressOf('bookthief', '--thief', values.thief, context)
    ]),
    stores,
    warehouse: await addressOf('bookwarehouse', '--warehouse', values.warehouse, context)
  }
}

/** The sums, and the differences or that there are none. */
function reconciliationText(found: Reconciliation): string {
  const sums = columns([
    ['bought by the shoppers', String(found.bought)],
    ['sold by the stores', String(found.sold)],
    ['acknowledged by the warehouse', String(found.restocked)],
    ['in stock at the warehouse', String(found.warehouseTotal)],
    ['still in outboxes', String(found.outbox)]
  ])
  const verdict = found.isBalanced
    ? 'BALANCED  every book was bought once, sold once and restocked once'
    : [
        found.isUndecided
          ? 'NOT YET  books were in flight at every look: ask again when less is bought'
          : 'NOT BALANCED',
        ...found.differences.map(line => `  ${line}`)
      ].join('\n')
  return `${sums}\n${verdict}`
}
