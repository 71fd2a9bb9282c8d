import type { DatabaseTarget } from '../database-target.ts'
import type { MysqlStockOptions } from './mysql-stock.ts'
import { createSqliteStock } from './sqlite-stock.ts'
import type { Stock } from './stock.ts'

/**
 * The stock of the kind that the target names; nothing is connected yet. The client of MySQL, which is as large as all
 * the rest of the program, is loaded only where it is wanted.
 */
export async function createStock(target: DatabaseTarget, options: MysqlStockOptions = {}): Promise<Stock> {
  if (target.kind === 'sqlite') return createSqliteStock({ file: target.file })
  const { createMysqlStock } = await import('./mysql-stock.ts')
  return createMysqlStock(target, options)
}
