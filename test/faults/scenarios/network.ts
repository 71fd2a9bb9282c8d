import { ok } from 'node:assert/strict'
import { type FaultyLink, openFaultyLink } from '../faulty-link.ts'
import { type Fault, type Scenario, underLoad } from '../scenario.ts'
import type { Service } from '../service.ts'
import { storeSays } from '../wait-for-message.ts'

/** A fault of the network between the stores and the warehouse. */
function onTheLink(name: string, fault: (link: FaultyLink) => Fault): Scenario {
  return {
    name,
    async run(stage) {
      await using link = await openFaultyLink()
      return await underLoad(stage, { link }, fault(link))
    }
  }
}

const cut = onTheLink('network between stores and warehouse cut', link => async ({ v1 }, load) => {
  link.set('cut')
  const said = await storeSays(v1, /not delivered/)
  await load.moreBought(300)
  link.set('open')
  return [said]
})

const silent = onTheLink('network between stores and warehouse silent', link => async ({ v1 }, load) => {
  link.set('hold')
  const said = await storeSays(v1, /Timeout/i)
  await load.moreBought(300)
  link.set('open')
  return [said]
})

const losesAnswers = onTheLink(
  "the warehouse's answers are lost, ten times",
  link =>
    async ({ v1, warehouse }, load) => {
      let said = ''
      for (let round = 0; round < 10; round++) {
        link.set('lose-answers')
        await load.moreBought(50)
        said = await storeSays(v1, /not delivered/)
        link.set('open')
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
