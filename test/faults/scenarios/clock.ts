import { ok } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { tempDir, waitFor } from '@bookstore/testing'
import { readBuyer } from '../books.ts'
import type { RestartableBookstore } from '../restartable-bookstore.ts'
import { type Scenario, underLoad } from '../scenario.ts'

const HOUR_MS = 3_600_000

const clockSteps: Scenario = {
  name: 'clocks of all services set 25 hours ahead, then 50 hours back',
  async run(stage) {
    await using dir = await tempDir('bookstore-clock-')
    const file = dir.join('offset')
    const preload = new URL('../shifted-clock.ts', import.meta.url).href
    const env = { NODE_OPTIONS: `--import ${preload}`, CLOCK_OFFSET_FILE: file }
    const options = { warehouseEnv: env, storeEnv: env, shopperEnv: env }
    return await underLoad(stage, options, async (bookstore, load) => {
      for (const hours of [25, -25, 0]) {
        await writeFile(file, String(hours * HOUR_MS))
        await setClocks(bookstore, hours)
        await load.moreBought(300)
      }
      const { headline, counts } = await readBuyer(bookstore.buyer)
      ok(headline.status !== 'broken', JSON.stringify(headline))
      ok(counts.failed + counts.denied === 0, JSON.stringify(counts))
      return ['nothing: no purchase fails, and no key is forgotten']
    })
  }
}

async function setClocks({ all, buyer }: RestartableBookstore, hours: number): Promise<void> {
  for (const service of all) service.signal('SIGUSR2')
  await waitFor(
    async () => {
      const { at } = (await readBuyer(buyer)) as unknown as { readonly at: string }
      return Math.abs(Date.parse(at) - Date.now() - hours * HOUR_MS) < HOUR_MS / 2
    },
    { what: `the buyer's clock to be ${hours} hours off` }
  )
}

export const clock: readonly Scenario[] = [clockSteps]
