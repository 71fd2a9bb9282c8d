import type { Snapshot } from '@bookstore/contract'
import { RARE_ALARMS, startBookstore, waitFor } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { json } from './json.ts'

test('a store that falls silent after a pass is told at once, everywhere, and so is its return', async () => {
  const env = {
    CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.01',
    REQUEST_TIMEOUT_MS: '300',
    ...RARE_ALARMS
  }
  await using shop = await startBookstore({
    env: () => ({ ...env, EXPECTED_SPLIT: 'v1=50,v2=50', VERDICT_TOLERANCE: '20' })
  })
  const until = (what: string, isSo: (now: Snapshot) => boolean) =>
    waitFor(
      async () => {
        const now = await json<Snapshot>(`${shop.buyer.url}/api/snapshot`)
        return isSo(now) && now
      },
      { what }
    )
  const metric = async (name: string) => {
    const text = await (await fetch(shop.buyer.metricsUrl)).text()
    return new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\d)$`, 'm').exec(text)?.[1]
  }
  await fetch(`${shop.buyer.url}/api/burst`, { method: 'POST', body: '{"purchases":1000,"concurrency":16}' })
  await until('a pass', ({ headline }) => headline.status === 'pass')
  // a pass may go back to pending by a few purchases
  await waitFor(async () => (await metric('bookstore_split_verdict{status="pass"}')) === '1')

  shop.v2.signal('SIGSTOP')
  try {
    const broken = await until('the silence to be told', ({ headline }) => /^bookstore-v2 has not/.test(headline.title))
    expect(broken.headline.status).toBe('broken')
    expect(broken.health.silent).toMatchObject([{ version: 'bookstore-v2' }])
    const verdict = await json<Pick<Snapshot, 'health'>>(`${shop.buyer.url}/api/verdict`)
    expect(verdict.health.status).toBe('degraded')
    expect(await metric('bookstore_split_verdict{status="pass"}')).toBe('0')
    expect(await metric('bookstore_health{status="degraded"}')).toBe('1')
    expect(await (await fetch(shop.buyer.url)).text()).toContain('bookstore-v2 has not answered for')
  } finally {
    shop.v2.signal('SIGCONT')
  }
  await until('health', ({ health }) => health.status === 'ok')
})
