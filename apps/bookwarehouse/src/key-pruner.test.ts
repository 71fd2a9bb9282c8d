import { silentLogs } from '@bookstore/common'
import { expect, test } from 'vitest'
import { pruneKeys } from './key-pruner.ts'
import type { PruneOptions } from './stock/stock.ts'

test('goes on in small steps until nothing old is left, and keeps a day', async () => {
  let old = 25
  const asked: PruneOptions[] = []
  const stock = {
    async pruneKeys(options: PruneOptions) {
      asked.push(options)
      const count = Math.min(old, options.limit)
      old -= count
      return count
    }
  }
  const { logger } = silentLogs()
  const now = () => 100 * 60 * 60 * 1000
  expect(await pruneKeys({ stock, logger, now, limit: 10, keepNewest: 7 })).toBe(25)
  expect(asked).toHaveLength(3)
  expect(asked[0]).toEqual({ before: 76 * 60 * 60 * 1000, keepNewest: 7, limit: 10 })
})
