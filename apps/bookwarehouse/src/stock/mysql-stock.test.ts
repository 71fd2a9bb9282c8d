import { setTimeout as sleep } from 'node:timers/promises'
import { type Mariadb, requireMariadb, startMariadb, waitFor } from '@bookstore/testing'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMysqlStock, type MysqlStockOptions } from './mysql-stock.ts'

describe.skipIf(!requireMariadb())('a MariaDB that is not as it should be', () => {
  let mariadb: Mariadb
  beforeAll(async () => {
    mariadb = await startMariadb()
    const connection = await createConnection(mariadb.url(''))
    await connection.query("CREATE USER 'clerk'@'%' IDENTIFIED BY 'pw'")
    await connection.query("GRANT SELECT, INSERT, UPDATE, DELETE ON readymade.* TO 'clerk'@'%'")
    await connection.end()
  })
  afterAll(() => mariadb[Symbol.asyncDispose]())

  const stockOf = (
    account: { user?: string; password?: string; database: string },
    // for what hangs, and not for a busy disk
    options: MysqlStockOptions = { timeoutMs: 120_000 }
  ) => {
    const { host, port, user, password } = mariadb
    return createMysqlStock({ host, port, user, password, tls: false, ...account }, options)
  }

  test('tables made by somebody else need no right to create them', async () => {
    const maker = stockOf({ database: 'readymade' })
    await maker.open()
    await maker.close()
    const clerk = stockOf({ user: 'clerk', password: 'pw', database: 'readymade' })
    await clerk.open()
    expect(await clerk.add([{ amount: 1, key: 'k' }])).toEqual([{ kind: 'added', total: 1 }])
    await clerk.close()
  })

  test('a database that may not be created is named with the reason', async () => {
    const clerk = stockOf({ user: 'clerk', password: 'pw', database: 'elsewhere' })
    await expect(clerk.open()).rejects.toThrow(/clerk@.*\/elsewhere: Access denied/)
    await clerk.close()
  })

  test('a wrong password is told without repeating it', async () => {
    const stock = stockOf({ password: 'hush', database: 'readymade' })
    await expect(stock.open()).rejects.toThrow(/Access denied(?!.*hush)/)
    await stock.close()
  })

  test('one that stands still is given up after the deadline and used again when it wakes', async () => {
    const stock = stockOf({ database: 'asleep' }, { timeoutMs: 2_000 })
    await stock.open()
    await mariadb.pause()
    const restock = [{ amount: 1, key: 'k' }]
    try {
      await expect(stock.add(restock)).rejects.toThrow('did not answer within 2000 ms')
      await expect(stock.open()).rejects.toThrow('/asleep')
    } finally {
      mariadb.resume()
    }
    // on a busy machine the first answers may be late as well
    await waitFor(() => stock.open().then(() => true))
    await waitFor(() => stock.add(restock))
    expect(await waitFor(() => stock.total())).toBe(1)
    await stock.close()
  })

  test('making database and tables may take longer than work does', async () => {
    const stock = stockOf({ database: 'slowly_made' }, { timeoutMs: 2_000 })
    const other = await createConnection(mariadb.url(''))
    // nothing can be created while this holds
    await other.query('FLUSH TABLES WITH READ LOCK')
    const opened = stock.open()
    const isOpen = await Promise.race([opened.then(() => true), sleep(2_500, false)])
    expect(isOpen).toBe(false)
    await other.query('UNLOCK TABLES')
    await opened
    expect(await waitFor(async () => (await stock.total()) === 0)).toBe(true)
    await stock.close()
    await other.end()
  })

  test('a lock held by somebody else is waited for', async () => {
    const stock = stockOf({ database: 'locked' })
    await stock.open()
    await using other = await createConnection(mariadb.url('locked'))
    await other.query('BEGIN')
    await other.query('UPDATE warehouse_stock SET total = total + 10')
    const adding = stock.add([{ amount: 1 }])
    await other.query('COMMIT')
    expect(await adding).toEqual([{ kind: 'added', total: 11 }])
    await stock.close()
  })
})
