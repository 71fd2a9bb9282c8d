import { join } from 'node:path'
import { isReady } from '../restartable-bookstore.ts'
import { type Scenario, underLoad } from '../scenario.ts'
import { mountSmallDisk } from '../small-disk.ts'
import { buyerSays, storeSays, warehouseSays } from '../wait-for-message.ts'

const warehouseDisk: Scenario = {
  name: "full disk under the warehouse's SQLite file",
  async run(stage) {
    await using disk = await mountSmallDisk()
    const databaseUrl = `sqlite:${join(disk.path, 'stock.db')}`
    return await underLoad(stage, { databaseUrl }, async ({ warehouse, v1 }, load) => {
      const said = await disk.keepFull(async () => {
        const words = [await warehouseSays(warehouse, /full/), await storeSays(v1, /503.*full/)]
        await load.moreBought(200)
        return words
      })
      await disk.clear()
      await isReady(warehouse)
      return said
    })
  }
}

const storeDisk: Scenario = {
  name: "full disk under a store's outbox",
  async run(stage) {
    await using disk = await mountSmallDisk()
    return await underLoad(stage, { outboxDir: disk.path }, async ({ buyer }, load) => {
      const said = await disk.keepFull(async () => {
        const words = [await buyerSays(buyer, '503')]
        await load.moreBought(200)
        return words
      })
      await disk.clear()
      return said
    })
  }
}

export const disk: readonly Scenario[] = [warehouseDisk, storeDisk]
