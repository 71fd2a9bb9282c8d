import { type Env, parseDnsName, readServiceConfig, type ServiceConfig } from '@bookstore/common'
import { BOOKWAREHOUSE, type Destination, destinationOf, type Faults } from '@bookstore/contract'
import { NO_FAULTS, readFaults } from './faults/faults.ts'
import { parseSaleDelay, type SaleDelay } from './sale-delay.ts'

export interface BookstoreConfig extends ServiceConfig {
  /** Where restocks go. */
  readonly warehouse: Destination
  readonly saleDelay: SaleDelay
  /** Faults from the start; undefined where `/api/faults` is closed. */
  readonly initialFaults: Faults | undefined
  /** Whether `GET /reset` may set the counter to 0. */
  readonly isResetAllowed: boolean
  /** Folder of the books; undefined keeps them in memory. */
  readonly outboxDir: string | undefined
  /** Books that may wait for the warehouse; further sales are refused. */
  readonly outboxMax: number
  /** Most books in one restock. */
  readonly outboxBatchMax: number
  /** Longest time in ms that the answer of a sale waits for its restock. */
  readonly restockWaitMs: number
  /** Folder of the local mesh's policies; undefined leaves the network as it is. */
  readonly policyDir: string | undefined
  readonly meshTopology: string | undefined
  readonly meshAccount: string | undefined
}

/**
 * Reads the settings of a bookstore from the environment and the command line.
 * @throws ConfigError naming everything that cannot be read
 */
export function readBookstoreConfig(env: Env, argv: readonly string[]): BookstoreConfig {
  return readServiceConfig(env, argv, {}, settings => ({
    warehouse: destinationOf(
      {
        name: settings.parsed('WAREHOUSE_SVC', parseDnsName) ?? BOOKWAREHOUSE.name,
        namespace: settings.parsed('BOOKWAREHOUSE_NAMESPACE', parseDnsName) ?? BOOKWAREHOUSE.namespace
      },
      settings.origin('BOOKWAREHOUSE_URL')
    ),
    saleDelay: settings.parsed('SALE_DELAY_MS', parseSaleDelay) ?? { minMs: 0, maxMs: 0 },
    initialFaults: settings.parsed('FAULTS', parseFaultsSetting),
    isResetAllowed: settings.choice('RESET', ['on', 'off'], 'on') === 'on',
    outboxDir: settings.optionalText('OUTBOX_DIR'),
    outboxMax: settings.integer('OUTBOX_MAX', 1_000_000, { min: 1 }),
    outboxBatchMax: settings.integer('OUTBOX_BATCH_MAX', 1_000, { min: 1, max: 1_000_000 }),
    restockWaitMs: settings.integer('RESTOCK_WAIT_MS', 0, { min: 0, max: 10_000 }),
    policyDir: settings.optionalText('POLICY_DIR'),
    meshTopology: settings.optionalText('MESH_TOPOLOGY'),
    meshAccount: settings.optionalText('MESH_ACCOUNT')
  }))
}

function parseFaultsSetting(text: string): Faults | undefined {
  if (text === 'off') return undefined
  if (text === 'on') return NO_FAULTS
  if (!text.trimStart().startsWith('{')) throw new Error('expected on, off, or faults as JSON')
  return readFaults(JSON.parse(text))
}
