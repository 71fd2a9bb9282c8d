import { type Env, readServiceConfig, type ServiceConfig } from '@bookstore/common'
import { type DatabaseTarget, readDatabaseTarget } from './database-target.ts'

/** What the warehouse is told from outside. */
export interface WarehouseConfig extends ServiceConfig {
  readonly database: DatabaseTarget
  /** Deadline of one piece of work in the database, in ms. */
  readonly databaseTimeoutMs: number
  /** Restocks written in one transaction at most; 1 switches group commit off. */
  readonly maxBatch: number
  /** Transactions under way at the same time. */
  readonly maxTransactions: number
  /** Restocks waiting for their transaction; further ones are told to come back later. */
  readonly maxWaiting: number
  /** Folder of the local mesh's policies, which a probe goes through; undefined leaves the network as it is. */
  readonly policyDir: string | undefined
  readonly meshTopology: string | undefined
  readonly meshAccount: string | undefined
}

/**
 * Reads the settings of the warehouse (docs/configuration.md) from the environment and the flags.
 * @throws ConfigError naming everything that cannot be read
 */
export function readWarehouseConfig(env: Env, argv: readonly string[]): WarehouseConfig {
  return readServiceConfig(env, argv, {}, settings => ({
    database: readDatabaseTarget(settings),
    databaseTimeoutMs: settings.integer('DATABASE_TIMEOUT_MS', 3_000, { min: 50, max: 60_000 }),
    maxBatch: settings.integer('RESTOCK_MAX_BATCH', 500, { min: 1, max: 5_000 }),
    maxTransactions: settings.integer('RESTOCK_MAX_TRANSACTIONS', 2, { min: 1, max: 100 }),
    maxWaiting: settings.integer('RESTOCK_MAX_WAITING', 1_000, { min: 1, max: 100_000 }),
    policyDir: settings.optionalText('POLICY_DIR'),
    meshTopology: settings.optionalText('MESH_TOPOLOGY'),
    meshAccount: settings.optionalText('MESH_ACCOUNT')
  }))
}
