import type { DatabaseTarget } from '../database-target.ts'
import { createMysqlStock, type MysqlStockOptions } from './mysql-stock.ts'
import { createSqliteStock } from './sqlite-stock.ts'
import type { Stock } from './stock.ts'

/** The stock of the kind that the target names; nothing is connected yet. */
export function createStock(target: DatabaseTarget, options: MysqlStockOptions = {}): Stock {
  return target.kind === 'sqlite' ? createSqliteStock({ file: target.file }) : createMysqlStock(target, options)
}
