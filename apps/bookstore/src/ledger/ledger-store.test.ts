import { readdirSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type TempDir, tempDir } from '@bookstore/testing'
import { describe, expect, test, vi } from 'vitest'
import { createGroupCommitLedger } from './group-commit.ts'
import { emptyLedger, formBatch, OutboxFullError, sell, setCounter } from './ledger.ts'
import { LedgerWriteError } from './ledger-store.ts'
import { createMemoryLedger } from './memory-ledger.ts'
import { OutboxFolderError, openSqliteLedger } from './sqlite-ledger.ts'

const sale = sell({ outboxMax: 1000 })
const openIn = (dir: TempDir) => openSqliteLedger(dir.path, { lockWaitMs: 50 })

describe.each([
  ['in memory', () => createMemoryLedger()],
  ['on disk', openIn]
])('books %s', (_where, open) => {
  test('give each of many sales at a time its own number', async () => {
    await using dir = await tempDir()
    const store = open(dir)
    const sales = await Promise.all(Array.from({ length: 100 }, () => store.change(sale)))
    expect(sales.map(({ counter }) => counter)).toEqual(Array.from(sales, (_, at) => at + 1))
    expect(store.current()).toMatchObject({ counter: 100, sold: 100 })
    store.close()
  })

  test('change at the end of a turn, once for all that was asked in it', async () => {
    await using dir = await tempDir()
    const store = open(dir)
    const before = store.current()
    const asked = Promise.all([store.change(sale), store.change(sale)])
    expect(store.current()).toBe(before)
    await asked
    expect(store.current().sold).toBe(2)
    store.close()
  })

  test('stay as they were for a step that fails, and go on for the others', async () => {
    await using dir = await tempDir()
    const store = open(dir)
    const step = sell({ outboxMax: 1 })
    const [first, second, third] = await Promise.allSettled([
      store.change(step),
      store.change(step),
      store.change(setCounter(7))
    ])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: expect.any(OutboxFullError) })
    expect(third.status).toBe('fulfilled')
    expect(store.current()).toMatchObject({ counter: 7, sold: 1 })
    store.close()
  })
})

describe('books on disk', () => {
  test('are the same after a restart, with instance and batch', async () => {
    await using dir = await tempDir()
    const store = openIn(dir)
    await Promise.all([store.change(sale), store.change(sale)])
    const before = await store.change(formBatch('key', { maxAmount: 10 }))
    store.close()
    const again = openIn(dir)
    expect(again.current()).toEqual(before)
    expect(before.batch).toEqual({ key: 'key', amount: 2 })
    again.close()
  })

  test('finish what was asked for before they close, and refuse what comes later', async () => {
    await using dir = await tempDir()
    const store = openIn(dir)
    const asked = store.change(sale)
    store.close()
    expect((await asked).sold).toBe(1)
    await expect(store.change(sale)).rejects.toThrow(LedgerWriteError)
    const again = openIn(dir)
    expect(again.current().sold).toBe(1)
    again.close()
  })

  test('belong to one store at a time', async () => {
    await using dir = await tempDir()
    const store = openIn(dir)
    expect(() => openIn(dir)).toThrow(/^OUTBOX_DIR: .*another bookstore has it open$/)
    store.close()
    openIn(dir).close()
  })

  test('cannot be kept in a file, and the message names the setting', async () => {
    await using dir = await tempDir()
    writeFileSync(dir.join('file'), '')
    expect(() => openSqliteLedger(dir.join('file'))).toThrow(OutboxFolderError)
    expect(() => openSqliteLedger(dir.join('file', 'deeper'))).toThrow(/^OUTBOX_DIR: cannot keep/)
  })

  test('are not read from a file that is not ours', async () => {
    await using dir = await tempDir()
    openIn(dir).close()
    const [file = ''] = readdirSync(dir.path)
    writeFileSync(dir.join(file), 'x'.repeat(4096))
    expect(() => openIn(dir)).toThrow(/not a database/)
  })

  test.each([
    ['PRAGMA user_version = 99', /expected format 1 of the file, got 99/],
    ['UPDATE ledger SET restocked = 5', /expected sold >= restocked/],
    ['DELETE FROM ledger', /expected one row/]
  ])('after "%s" are refused', async (damage, message) => {
    await using dir = await tempDir()
    openIn(dir).close()
    const [file = ''] = readdirSync(dir.path)
    const database = new DatabaseSync(dir.join(file))
    database.exec(damage)
    database.close()
    expect(() => openIn(dir)).toThrow(message)
  })
})

describe('a group commit', () => {
  const open = (write: () => void) =>
    createGroupCommitLedger({ initial: emptyLedger('i'), isDurable: true, write, close: () => undefined })

  test('writes once for all sales of one turn', async () => {
    const write = vi.fn()
    const store = open(write)
    await Promise.all(Array.from({ length: 64 }, () => store.change(sale)))
    expect(write).toHaveBeenCalledTimes(1)
    expect(write).toHaveBeenCalledWith(expect.objectContaining({ sold: 64 }))
  })

  test('does not answer before it has written', async () => {
    const events: string[] = []
    const store = open(() => void events.push('written'))
    await store.change(sale).then(() => events.push('answered'))
    expect(events).toEqual(['written', 'answered'])
  })

  test('that cannot write refuses every sale of the turn, and the books are as before', async () => {
    const write = vi.fn((): void => {
      throw new Error('database or disk is full')
    })
    const store = open(write)
    const sales = await Promise.allSettled([store.change(sale), store.change(sale)])
    for (const { status } of sales) expect(status).toBe('rejected')
    expect(sales[0]).toMatchObject({
      reason: { code: 'LEDGER_NOT_WRITABLE', message: expect.stringContaining('disk is full') }
    })
    expect(store.current().sold).toBe(0)
    write.mockImplementation(() => undefined)
    expect((await store.change(sale)).sold).toBe(1)
  })

  test('writes nothing when nothing changed', async () => {
    const write = vi.fn()
    await open(write).change(books => books)
    expect(write).not.toHaveBeenCalled()
  })
})
