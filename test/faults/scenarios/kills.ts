import { ok } from 'node:assert/strict'
import { checkBooks, checkProcesses, readBuyer, settledBooks } from '../books.ts'
import { keepBuying } from '../load.ts'
import { startRestartableBookstore } from '../restartable-bookstore.ts'
import { resultOf, type Scenario, underLoad } from '../scenario.ts'
import { buyerSays, storeSays } from '../wait-for-message.ts'

const killWarehouse: Scenario = {
  name: 'kill -9 of the warehouse, twice',
  run: stage =>
    underLoad(stage, {}, async ({ warehouse, v1 }, load) => {
      await warehouse.kill()
      await load.moreBought(200)
      const said = await storeSays(v1, /ECONNREFUSED/)
      await warehouse.start()
      await load.moreBought(200)
      await warehouse.kill()
      await warehouse.start()
      return [said]
    })
}

const killStore: Scenario = {
  name: 'kill -9 of a store with OUTBOX_DIR, twice',
  run: stage =>
    underLoad(stage, {}, async ({ v1, buyer }, load) => {
      await v1.kill()
      const said = await buyerSays(buyer, 'connection refused')
      await v1.start()
      await load.moreBought(200)
      await v1.kill()
      await v1.start()
      return [said]
    })
}

const killBothStores: Scenario = {
  name: 'kill -9 of both stores at once',
  run: stage =>
    underLoad(stage, {}, async ({ v1, v2, buyer }) => {
      await Promise.all([v1.kill(), v2.kill()])
      const said = await buyerSays(buyer, 'connection refused')
      await Promise.all([v1.start(), v2.start()])
      return [said]
    })
}

const killBuyer: Scenario = {
  name: 'kill -9 of the buyer',
  async run({ mariadb, ...stage }) {
    await using bookstore = await startRestartableBookstore({
      databaseUrl: stage.freshDatabaseUrl()
    })
    const { buyer } = bookstore
    const first = keepBuying(buyer)
    await first.moreBought(300)
    const before = await readBuyer(buyer)
    await buyer.kill()
    await first.stop()
    await buyer.start()
    const second = keepBuying(buyer)
    await second.moreBought(300)
    await second.stop()
    const books = await settledBooks(bookstore)
    checkBooks(books, { isBuyerNew: true })
    ok(books.sold >= before.counts.bought + books.bought, 'what a dead buyer had bought stays sold')
    checkProcesses(bookstore.all, mariadb.password)
    const attempts = books.attempts + before.counts.bought
    return resultOf({ ...books, attempts }, ['the counts of a buyer start anew with it'])
  }
}

export const kills: readonly Scenario[] = [killWarehouse, killStore, killBothStores, killBuyer]
