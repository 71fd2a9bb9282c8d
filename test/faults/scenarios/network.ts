import { ok } from 'node:assert/strict'
import { storeSays } from '../said.ts'
import { type Fault, type Scenario, underLoad } from '../scenario.ts'
import type { Service } from '../service.ts'
import { openRoad, type Road } from '../tcp-proxy.ts'

/** A fault of the network between the stores and the warehouse. */
function onTheRoad(name: string, fault: (road: Road) => Fault): Scenario {
  return {
    name,
    async run(stage) {
      await using road = await openRoad()
      return await underLoad(stage, { road }, fault(road))
    }
  }
}

const cut = onTheRoad('network between stores and warehouse cut', road => async ({ v1 }, load) => {
  road.set('cut')
  const said = await storeSays(v1, /not delivered/)
  await load.moreBought(300)
  road.set('open')
  return [said]
})

const silent = onTheRoad(
  'network between stores and warehouse silent',
  road =>
    async ({ v1 }, load) => {
      road.set('hold')
      const said = await storeSays(v1, /Timeout/i)
      await load.moreBought(300)
      road.set('open')
      return [said]
    }
)

const losesAnswers = onTheRoad(
  "the warehouse's answers are lost, ten times",
  road =>
    async ({ v1, warehouse }, load) => {
      let said = ''
      for (let round = 0; round < 10; round++) {
        road.set('lose-answers')
        await load.moreBought(50)
        said = await storeSays(v1, /not delivered/)
        road.set('open')
        await load.moreBought(50)
      }
      const replayed = await replays(warehouse)
      ok(replayed > 0, 'a restock whose answer was lost came again')
      return [said, `warehouse: ${replayed} restocks known by their key and not added again`]
    }
)

async function replays({ metricsUrl }: Service): Promise<number> {
  const text = await (await fetch(metricsUrl)).text()
  return Number(/^bookwarehouse_restocks_total\{outcome="replayed"\} (\d+)$/m.exec(text)?.[1])
}

export const network: readonly Scenario[] = [cut, silent, losesAnswers]
