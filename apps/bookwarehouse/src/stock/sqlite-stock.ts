import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { planBatch } from './batch-plan.ts'
import {
  MAX_TOTAL,
  type Restock,
  type RestockOutcome,
  type Stock,
  StockFullError,
  StockUnavailableError
} from './stock.ts'

export interface SqliteStockOptions {
  /** Path of the database file, or `:memory:`. */
  readonly file: string
  /** Bound of the file's size in pages of 4096 bytes; none by default. */
  readonly maxPages?: number
  readonly now?: () => number
}

const IN_MEMORY = ':memory:'

/**
 * The stock in an SQLite file beside the process. Calls block the event loop for one write to disk, which is why
 * batches matter.
 */
export function createSqliteStock({ file, maxPages, now = Date.now }: SqliteStockOptions): Stock {
  let db: DatabaseSync | undefined
  const use = <T>(work: (db: DatabaseSync) => T): Promise<T> =>
    whenNotBusy(file, () => {
      if (db === undefined) throw new StockUnavailableError(`sqlite:${file} is not open`)
      return work(db)
    })
  const close = () => {
    db?.close()
    db = undefined
  }
  return {
    async open() {
      db ??= await whenNotBusy(file, () => openFile(file, maxPages))
      try {
        await use(proveWritable)
      } catch (error) {
        // a handle that met an I/O error may stay broken; memory would be lost with its handle
        if (file !== IN_MEMORY) close()
        throw error
      }
    },
    check: () => use(db => void readTotal(db)),
    total: () => use(readTotal),
    add(batch, trace) {
      const add = () => use(db => inTransaction(db, () => addBatch(db, batch, now())))
      return trace ? trace(statementOf(file, batch.length), add) : add()
    },
    pruneKeys: options =>
      use(db => Number(db.prepare(PRUNE).run(options.before, options.keepNewest, options.limit).changes)),
    close: async () => close()
  }
}

// FULL, because an acknowledged restock must survive a power cut, which NORMAL does not promise in WAL mode
// (https://www.sqlite.org/pragma.html#pragma_synchronous); group commit makes it affordable
const SETTINGS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS warehouse_stock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  total INTEGER NOT NULL CHECK (total >= 0)
) STRICT;
CREATE TABLE IF NOT EXISTS warehouse_restock_keys (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  idempotency_key TEXT NOT NULL UNIQUE,
  amount INTEGER NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO warehouse_stock (id, total) VALUES (1, 0);
`

// one span for a transaction: its statements run in this process, and take microseconds each
function statementOf(file: string, restocks: number) {
  return {
    name: 'BATCH warehouse_stock',
    attributes: {
      'db.system.name': 'sqlite',
      'db.namespace': file,
      'db.operation.name': 'BATCH',
      'db.collection.name': 'warehouse_stock',
      'db.operation.batch.size': restocks,
      'db.query.text': `${FIND_KEY}; ${INSERT_KEY}; ${ADD_TO_TOTAL}`
    }
  }
}

const FIND_KEY = 'SELECT amount FROM warehouse_restock_keys WHERE idempotency_key = ?'
const INSERT_KEY = 'INSERT INTO warehouse_restock_keys (idempotency_key, amount, created_ms) VALUES (?, ?, ?)'
const ADD_TO_TOTAL = 'UPDATE warehouse_stock SET total = total + ? WHERE total <= ? RETURNING total'

// keys are stored in the order they came, so the oldest are found at the front without another index
const PRUNE = `
DELETE FROM warehouse_restock_keys WHERE created_ms < ?
  AND seq <= (SELECT coalesce(max(seq), 0) FROM warehouse_restock_keys) - ?
  AND seq IN (SELECT seq FROM warehouse_restock_keys ORDER BY seq LIMIT ?)`

function openFile(file: string, maxPages: number | undefined): DatabaseSync {
  if (file !== IN_MEMORY) mkdirSync(dirname(resolve(file)), { recursive: true })
  // a wait for another process blocks our event loop: keep it short and come back instead
  const db = new DatabaseSync(file, { timeout: 50 })
  try {
    db.exec(SETTINGS)
    if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`)
    db.exec(SCHEMA)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

// touches every page that a restock touches: on a full disk less than that may still fit into the log
function proveWritable(db: DatabaseSync): void {
  inTransaction(db, () =>
    db.exec(`
      UPDATE warehouse_stock SET total = total WHERE id = 1;
      INSERT INTO warehouse_restock_keys (idempotency_key, amount, created_ms) VALUES ('', 0, 0);
      DELETE FROM warehouse_restock_keys WHERE idempotency_key = '';
    `)
  )
}

function readTotal(db: DatabaseSync): number {
  return Number(db.prepare('SELECT total FROM warehouse_stock WHERE id = 1').get()?.['total'])
}

function addBatch(db: DatabaseSync, batch: readonly Restock[], nowMs: number): readonly RestockOutcome[] {
  const plan = planBatch(batch, knownAmounts(db, batch))
  const insert = db.prepare(INSERT_KEY)
  for (const { key, amount } of plan.newKeys) insert.run(key, amount, nowMs)
  const row = db.prepare(ADD_TO_TOTAL).get(plan.sum, MAX_TOTAL - plan.sum)
  if (row === undefined) throw new StockFullError()
  return plan.outcomes(Number(row['total']))
}

function knownAmounts(db: DatabaseSync, batch: readonly Restock[]): Map<string, number> {
  const find = db.prepare(FIND_KEY)
  const known = new Map<string, number>()
  for (const { key } of batch) {
    const row = key === undefined ? undefined : find.get(key)
    if (key !== undefined && row !== undefined) known.set(key, Number(row['amount']))
  }
  return known
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has already rolled back after some errors, a full disk among them
    // (https://www.sqlite.org/lang_transaction.html)
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

const BUSY_TRIES = 20
const SQLITE_BUSY = 5

async function whenNotBusy<T>(file: string, work: () => T): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return work()
    } catch (error) {
      if (error instanceof StockFullError || error instanceof StockUnavailableError) throw error
      const { errcode = 0, message } = error as { readonly errcode?: number; message: string }
      const isBusy = (errcode & 0xff) === SQLITE_BUSY
      if (!isBusy || attempt === BUSY_TRIES) {
        throw new StockUnavailableError(`sqlite:${file}: ${message}`, { cause: error })
      }
      await sleep(Math.random() * 50)
    }
  }
}
