import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import { type BatchPlan, type KeyedRestock, planBatch } from './batch-plan.ts'
import { createDatabase, createTables, hasCode, hasTables } from './mysql-schema.ts'
import { createMysqlSessions, type MysqlSessionOptions, type MysqlSessions, type MysqlTarget } from './mysql-session.ts'
import {
  type PruneOptions,
  type Restock,
  type RestockOutcome,
  type StatementTrace,
  type Stock,
  StockFullError,
  StockUnavailableError
} from './stock.ts'

export interface MysqlStockOptions extends MysqlSessionOptions {
  readonly now?: () => number
  /** Deadline in ms of creating the database or its tables, which a slow disk makes long. */
  readonly setupMs?: number
}

/** The stock in a MySQL 8 or MariaDB 10.11 (or newer) database that any number of warehouses may share. */
export function createMysqlStock(
  target: MysqlTarget,
  { now = Date.now, setupMs = 30_000, ...options }: MysqlStockOptions = {}
): Stock {
  const sessions = createMysqlSessions(target, options)
  const { host, port, user, database } = target
  const place = `mysql://${user}@${host}:${port}/${database}`
  const told = <T>(work: Promise<T>) => work.catch(error => Promise.reject(inWords(place, error)))
  return {
    open: () => told(openDatabase(sessions, target, setupMs)),
    check: () => told(sessions.use(async connection => void (await connection.ping()))),
    total: () => told(sessions.use(readTotal)),
    add: (batch, trace) => told(addBatch(sessions, batch, { now, trace: trace && placed(trace, target) })),
    pruneKeys: limits => told(sessions.use(connection => prune(connection, limits))),
    close: () => sessions.close(),
    connections: sessions.usage
  }
}

async function openDatabase(sessions: MysqlSessions, target: MysqlTarget, setupMs: number): Promise<void> {
  const isReady = await sessions.use(hasTables).catch(async error => {
    if (!hasCode(error, 'ER_BAD_DB_ERROR')) throw error
    await createDatabase(target, setupMs)
    return false
  })
  if (!isReady) await sessions.use(createTables, setupMs)
  // proves the right to write, which a read-only replica refuses
  await sessions.use(connection => connection.query('UPDATE warehouse_stock SET total = total WHERE id = 1'))
}

async function readTotal(connection: PoolConnection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT total FROM warehouse_stock WHERE id = 1')
  return Number(rows[0]?.['total'])
}

// A lock conflict is the database's way to say "again"; 1020 is MariaDB's since 11.6 (innodb_snapshot_isolation).
const CONFLICTS = ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'] as const
const MAX_TRIES = 8

/**
 * Writes first and looks only when a key is already there: the usual batch of new keys costs no look-up, and
 * two warehouses with the same key are told apart by the unique index, not by a read that may be out of date.
 */
async function addBatch(
  sessions: MysqlSessions,
  batch: readonly Restock[],
  { now, trace = untraced }: { readonly now: () => number; readonly trace?: StatementTrace | undefined }
): Promise<readonly RestockOutcome[]> {
  const known = new Map<string, number>()
  for (let attempt = 1; ; attempt++) {
    const plan = planBatch(batch, known)
    try {
      const total = await trace(writeStatement(plan), () => sessions.use(connection => write(connection, plan, now())))
      return plan.outcomes(total)
    } catch (error) {
      const isDuplicate = hasCode(error, 'ER_DUP_ENTRY')
      if (attempt === MAX_TRIES || !(isDuplicate || hasCode(error, ...CONFLICTS))) throw error
      if (isDuplicate) {
        await trace(LOOK_UP, () => sessions.use(connection => lookUp(connection, plan.newKeys, known)))
      } else await sleep(Math.random() * 10 * attempt)
    }
  }
}

const untraced: StatementTrace = (_statement, run) => run()

// says of each statement which server it goes to
function placed(trace: StatementTrace, { host, port, database }: MysqlTarget): StatementTrace {
  const place = {
    'db.system.name': 'mysql',
    'db.namespace': database,
    'server.address': host,
    'server.port': port
  }
  return ({ name, attributes }, run) => trace({ name, attributes: { ...place, ...attributes } }, run)
}

function writeStatement({ newKeys }: BatchPlan) {
  return {
    name: 'BATCH warehouse_stock',
    attributes: {
      'db.operation.name': 'BATCH',
      'db.collection.name': 'warehouse_stock',
      'db.operation.batch.size': newKeys.length + 1,
      'db.query.text': `START TRANSACTION; ${newKeys.length > 0 ? INSERT_KEYS : ''} ${ADD_TO_TOTAL} COMMIT`
    }
  }
}

const FIND_KEYS = 'SELECT idempotency_key, amount FROM warehouse_restock_keys WHERE idempotency_key IN (?)'

const LOOK_UP = {
  name: 'SELECT warehouse_restock_keys',
  attributes: {
    'db.operation.name': 'SELECT',
    'db.collection.name': 'warehouse_restock_keys',
    'db.query.text': FIND_KEYS
  }
}

/**
 * One transaction in one message, because each wait for an answer in between would hold the row that all warehouses
 * need.
 * A statement that fails ends the message, so COMMIT is reached by a whole transaction only.
 */
async function write(connection: PoolConnection, plan: BatchPlan, nowMs: number): Promise<number> {
  const rows = plan.newKeys.map(({ key, amount }) => [bytes(key), amount, nowMs])
  const sql = `START TRANSACTION; ${rows.length > 0 ? INSERT_KEYS : ''} ${ADD_TO_TOTAL} COMMIT`
  const values = rows.length > 0 ? [rows, plan.sum] : [plan.sum]
  try {
    const [results] = await connection.query<ResultSetHeader[]>(sql, values)
    const added = results.at(-2)
    if (added?.affectedRows !== 1) throw new Error('expected one row in warehouse_stock, got none')
    return Number(added.insertId)
  } catch (error) {
    await giveBack(connection)
    const { errno = 0 } = error as { readonly errno?: number }
    if (OUT_OF_RANGE.includes(errno)) throw new StockFullError()
    throw error
  }
}

const INSERT_KEYS = 'INSERT INTO warehouse_restock_keys (idempotency_key, amount, created_ms) VALUES ?;'

// LAST_INSERT_ID(expr) brings the new value back with the update's own answer (MySQL manual, "Information Functions")
const ADD_TO_TOTAL = 'UPDATE warehouse_stock SET total = LAST_INSERT_ID(total + ?) WHERE id = 1;'

// The table's CHECK failed: 3819 in MySQL, 4025 in MariaDB. By number, because the driver knows only MySQL's names.
const OUT_OF_RANGE = [3819, 4025]

async function lookUp(
  connection: PoolConnection,
  keys: readonly KeyedRestock[],
  known: Map<string, number>
): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(FIND_KEYS, [keys.map(({ key }) => bytes(key))])
  for (const row of rows) known.set(String(row['idempotency_key']), Number(row['amount']))
}

// the driver writes buffers as X'…' literals, which no sql_mode can read as anything but bytes
const bytes = (key: string) => Buffer.from(key, 'latin1')

// a connection that cannot roll back must not go back to the pool with an open transaction
async function giveBack(connection: PoolConnection): Promise<void> {
  try {
    await connection.rollback()
  } catch {
    connection.destroy()
  }
}

// Keys are stored in the order they came, so the oldest are at the front. They are read without locks and deleted by
// their number: a DELETE that searched would lock every row it looked at.
async function prune(connection: PoolConnection, { before, keepNewest, limit }: PruneOptions): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT seq FROM (
       SELECT seq, created_ms FROM warehouse_restock_keys ORDER BY seq LIMIT ?
     ) AS oldest
     WHERE created_ms < ?
       AND seq + ? <= (SELECT MAX(seq) FROM warehouse_restock_keys)`,
    [limit, before, keepNewest]
  )
  if (rows.length === 0) return 0
  const [result] = await connection.query<ResultSetHeader>('DELETE FROM warehouse_restock_keys WHERE seq IN (?)', [
    rows.map(row => row['seq'])
  ])
  return result.affectedRows
}

function inWords(place: string, error: unknown): unknown {
  if (error instanceof StockFullError) return error
  const { message, code } = error as { readonly message?: string; readonly code?: string }
  // connecting to a name with several addresses fails with an AggregateError, whose message is empty
  return new StockUnavailableError(`${place}: ${message || code || String(error)}`, {
    cause: error
  })
}
