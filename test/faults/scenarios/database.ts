import { isReady } from '../house.ts'
import { storeSays, warehouseSays } from '../said.ts'
import { type Scenario, underLoad } from '../scenario.ts'
import { openRoad } from '../tcp-proxy.ts'

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
      stage.mariadb.pause()
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
    await using road = await openRoad()
    road.leadTo(stage.mariadb.port)
    const url = new URL(stage.freshDatabaseUrl())
    url.port = String(road.port)
    const warehouseEnv = { DATABASE_TIMEOUT_MS: '5000' }
    return await underLoad(
      stage,
      { databaseUrl: url.href, warehouseEnv },
      async ({ warehouse }, load) => {
        road.slowDown(100)
        await load.moreBought(1_000)
        await isReady(warehouse)
        road.slowDown(0)
        return ['nothing: batches grow, and no restock fails']
      }
    )
  }
}

const losesCommits: Scenario = {
  name: 'the database commits and its answers are lost',
  async run(stage) {
    await using road = await openRoad()
    road.leadTo(stage.mariadb.port)
    const url = new URL(stage.freshDatabaseUrl())
    url.port = String(road.port)
    return await underLoad(stage, { databaseUrl: url.href }, async ({ warehouse }, load) => {
      let said = ''
      for (let round = 0; round < 5; round++) {
        road.set('lose-answers')
        said = await warehouseSays(warehouse, /./)
        road.set('open')
        await isReady(warehouse)
        await load.moreBought(100)
      }
      return [said]
    })
  }
}

export const database: readonly Scenario[] = [
  stopDatabase,
  killDatabase,
  freezeDatabase,
  slowDatabase,
  losesCommits
]
