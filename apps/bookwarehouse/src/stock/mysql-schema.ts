import { createConnection, type PoolConnection } from 'mysql2/promise'
import { connectionOptions, type MysqlTarget } from './mysql-session.ts'
import { MAX_TOTAL } from './stock.ts'

// keys are bytes: text collations would take "a", "A" and "a " for the same key
const TABLES = [
  `CREATE TABLE IF NOT EXISTS warehouse_stock (
    id TINYINT UNSIGNED NOT NULL PRIMARY KEY,
    total BIGINT UNSIGNED NOT NULL,
    CONSTRAINT warehouse_total_is_exact CHECK (total <= ${MAX_TOTAL})
  ) ENGINE = InnoDB`,
  `CREATE TABLE IF NOT EXISTS warehouse_restock_keys (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    idempotency_key VARBINARY(255) NOT NULL UNIQUE,
    amount BIGINT UNSIGNED NOT NULL,
    created_ms BIGINT NOT NULL
  ) ENGINE = InnoDB`,
  'INSERT IGNORE INTO warehouse_stock (id, total) VALUES (1, 0)'
]

/** Whether all tables are there; needs no right to create them. */
export async function hasTables(connection: PoolConnection): Promise<boolean> {
  try {
    await connection.query('SELECT seq FROM warehouse_restock_keys LIMIT 1')
    const [rows] = await connection.query('SELECT total FROM warehouse_stock WHERE id = 1')
    return Array.isArray(rows) && rows.length === 1
  } catch (error) {
    if (!hasCode(error, 'ER_NO_SUCH_TABLE')) throw error
    return false
  }
}

/** Creates the tables that are missing. */
export async function createTables(connection: PoolConnection): Promise<void> {
  for (const statement of TABLES) await connection.query(statement)
}

/** Creates the database of `target`, for servers that were started empty. */
export async function createDatabase(target: MysqlTarget, timeoutMs: number): Promise<void> {
  const { database, ...server } = target
  const connection = await createConnection(connectionOptions(server, timeoutMs))
  try {
    const name = database.replaceAll('`', '``')
    await connection.query({ sql: `CREATE DATABASE IF NOT EXISTS \`${name}\``, timeout: timeoutMs })
  } finally {
    connection.destroy()
  }
}

/** Whether an error of the driver has one of these codes, such as ER_DUP_ENTRY. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
