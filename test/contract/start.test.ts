import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { startApp } from '@bookstore/testing'
import { expect, test } from 'vitest'

test.each([
  { setting: 'PORT', host: '127.0.0.1', place: '127.0.0.1:' },
  { setting: 'METRICS_PORT', host: '127.0.0.1', place: '127.0.0.1:' },
  { setting: 'PORT', host: '', place: 'port ' }
])(
  'a $setting that is taken is named in one line, and the start ends with code 1 (HOST=$host)',
  async ({ setting, host, place }) => {
    const taken = createServer().listen(0, host || undefined)
    await once(taken, 'listening')
    const port = String((taken.address() as AddressInfo).port)
    const start = startApp({
      main: 'apps/bookstore/src/main.ts',
      env: { HOST: host, [setting]: port }
    })
    await expect(start).rejects.toThrow(
      `${setting}: cannot listen on ${place}${port}: another program uses this port; set ${setting} to another value`
    )
    await expect(start).rejects.toThrow('ended with code 1')
    taken.close()
  }
)

test('without HOST it listens at the addresses of both families', async () => {
  await using store = await startApp({ main: 'apps/bookstore/src/main.ts', env: { HOST: '' } })
  const families = Object.values(networkInterfaces()).flatMap(addresses =>
    (addresses ?? []).map(({ family }) => family)
  )
  const origins = families.includes('IPv6') ? ['127.0.0.1', '[::1]'] : ['127.0.0.1']
  for (const host of origins) {
    const answer = await fetch(`http://${host}:${store.port}/raw`)
    expect(await answer.json()).toEqual({ booksSold: 0 })
  }
})

test('everything that cannot be read is named, each on a line of its own', async () => {
  const env = { PORT: 'x', CI_SLEEP_BETWEEN_REQUESTS_SECONDS: 'soon' }
  const start = startApp({ main: 'apps/bookbuyer/src/main.ts', env })
  await expect(start).rejects.toThrow(/^PORT: expected .*, got "x"$/m)
  await expect(start).rejects.toThrow(/^CI_SLEEP_BETWEEN_REQUESTS_SECONDS: .*, got "soon"$/m)
})
