import { openFaultyLink } from '../faulty-link.ts'
import { isReady } from '../restartable-bookstore.ts'
import { type Scenario, underLoad } from '../scenario.ts'
import { storeSays, warehouseSays } from '../wait-for-message.ts'

const stopDatabase: Scenario = {
  name: 'database stopped and started',
  run: stage =>
    underLoad(stage, {}, async ({ warehouse, v1 }, load) => {
      await stage.mariadb.stop()
      const said = [await warehouseSays(warehouse, /./), await storeSays(v1, /503/)]
      await load.moreBought(200)
      await stage.mariadb.start()
      await isReady(warehouse)
      return said
    })
}

const killDatabase: Scenario = {
  name: 'kill -9 of the database, twice',
  run: stage =>
    underLoad(stage, {}, async ({ warehouse }, load) => {
      await stage.mariadb.kill()
      const said = [await warehouseSays(warehouse, /./)]
      await stage.mariadb.start()
      await isReady(warehouse)
      await load.moreBought(200)
      await stage.mariadb.kill()
      await stage.mariadb.start()
      return said
    })
}

const freezeDatabase: Scenario = {
  name: 'database stands still (SIGSTOP) for longer than its deadline',
  run: stage =>
    underLoad(stage, {}, async ({ warehouse, v1 }, load) => {
      await stage.mariadb.pause()
      try {
        const said = [await warehouseSays(warehouse, /did not answer/), await storeSays(v1, /503/)]
        await load.moreBought(200)
        return said
      } finally {
        stage.mariadb.resume()
        await isReady(warehouse)
      }
    })
}

const slowDatabase: Scenario = {
  name: 'database 100 ms slower each way',
  async run(stage) {
    await using link = await openFaultyLink()
    link.leadTo(stage.mariadb.port)
    const url = new URL(stage.freshDatabaseUrl())
    url.port = String(link.port)
    const warehouseEnv = { DATABASE_TIMEOUT_MS: '5000' }
    return await underLoad(stage, { databaseUrl: url.href, warehouseEnv }, async ({ warehouse }, load) => {
      link.slowDown(100)
      await load.moreBought(1_000)
      await isReady(warehouse)
      link.slowDown(0)
      return ['nothing: batches grow, and no restock fails']
    })
  }
}

const losesCommits: Scenario = {
  name: 'the database commits and its answers are lost',
  async run(stage) {
    await using link = await openFaultyLink()
    link.leadTo(stage.mariadb.port)
    const url = new URL(stage.freshDatabaseUrl())
    url.port = String(link.port)
    return await underLoad(stage, { databaseUrl: url.href }, async ({ warehouse }, load) => {
      let said = ''
      for (let round = 0; round < 5; round++) {
        link.set('lose-answers')
        said = await warehouseSays(warehouse, /./)
        link.set('open')
        await isReady(warehouse)
        await load.moreBought(100)
      }
      return [said]
    })
  }
}

export const database: readonly Scenario[] = [stopDatabase, killDatabase, freezeDatabase, slowDatabase, losesCommits]
