import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createGroupCommitLedger } from './group-commit.ts'
import { emptyLedger, type Ledger, waiting } from './ledger.ts'
import type { LedgerStore } from './ledger-store.ts'

/** The folder of OUTBOX_DIR cannot be used; the message says why. */
export class OutboxFolderError extends Error {
  override readonly name = 'OutboxFolderError'
  readonly code = 'OUTBOX_DIR_UNUSABLE'
}

const VERSION = 1

const SCHEMA = `
  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    instance TEXT NOT NULL,
    counter INTEGER NOT NULL,
    sold INTEGER NOT NULL,
    restocked INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    batch_key TEXT,
    batch_amount INTEGER
  ) STRICT;
  PRAGMA user_version = ${VERSION};`

/**
 * Books in `<folder>/bookstore-outbox.sqlite`, which is made when missing.
 * A change is on disk before it is answered (WAL with synchronous=FULL,
 * https://sqlite.org/pragma.html#pragma_synchronous): it survives kill -9, and a power loss as far as the disk keeps
 * what it was told to flush. The file is locked for as long as it is open, because two stores on one outbox would send
 * each other's batches.
 * @throws OutboxFolderError when the folder cannot be written, another store has it, or the file is not ours
 */
export function openSqliteLedger(folder: string, { lockWaitMs = 5_000 } = {}): LedgerStore {
  const file = join(folder, 'bookstore-outbox.sqlite')
  let database: DatabaseSync | undefined
  try {
    mkdirSync(folder, { recursive: true })
    database = new DatabaseSync(file, { timeout: lockWaitMs })
    return keepBooks(database)
  } catch (error) {
    database?.close()
    const { message, errcode } = error as Error & { errcode?: number }
    const why = errcode === SQLITE_BUSY ? 'another bookstore has it open' : message
    throw new OutboxFolderError(`OUTBOX_DIR: cannot keep the outbox in ${file}: ${why}`, {
      cause: error
    })
  }
}

const SQLITE_BUSY = 5

function keepBooks(database: DatabaseSync): LedgerStore {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE')
  migrate(database)
  database.exec('COMMIT')
  const update = database.prepare(
    `UPDATE ledger SET counter = ?, sold = ?, restocked = ?, dropped = ?, batch_key = ?, batch_amount = ?`
  )
  return createGroupCommitLedger({
    initial: readLedger(database),
    isDurable: true,
    write: ({ counter, sold, restocked, dropped, batch }) => {
      update.run(counter, sold, restocked, dropped, batch?.key ?? null, batch?.amount ?? null)
    },
    close: () => database.close()
  })
}

function migrate(database: DatabaseSync): void {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version']
  if (version === VERSION) return
  if (version !== 0) throw new Error(`expected format ${VERSION} of the file, got ${version}`)
  database.exec(SCHEMA)
  const { instance } = emptyLedger(randomUUID())
  database
    .prepare('INSERT INTO ledger (id, instance, counter, sold, restocked, dropped) VALUES (1, ?, 0, 0, 0, 0)')
    .run(instance)
}

function readLedger(database: DatabaseSync): Ledger {
  const row = database.prepare('SELECT * FROM ledger').get()
  if (row === undefined) throw new Error('expected one row in the table ledger, got none')
  const key = row['batch_key']
  const ledger: Ledger = {
    instance: String(row['instance']),
    counter: Number(row['counter']),
    sold: Number(row['sold']),
    restocked: Number(row['restocked']),
    dropped: Number(row['dropped']),
    batch: key == null ? undefined : { key: String(key), amount: Number(row['batch_amount']) }
  }
  const onTheWay = ledger.batch?.amount ?? 0
  if (waiting(ledger) < onTheWay) {
    throw new Error(
      `expected sold >= restocked + dropped + batch, got ${ledger.sold} < ${ledger.restocked} + ${ledger.dropped} + ${onTheWay}`
    )
  }
  return ledger
}
