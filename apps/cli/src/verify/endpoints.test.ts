import { expect, test } from 'vitest'
import { endpointsOf } from './endpoints.ts'

const BUYERS = 'http://bookbuyers.bookbuyer.svc.cluster.local:14001'
const HOST = 'bookbuyers.bookbuyer.svc.cluster.local:14001'

function resolving(...addresses: readonly string[]) {
  return async () => addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
}

test('a name with several addresses gives one endpoint for each, in order and once, with the name as its host', async () => {
  expect(await endpointsOf(BUYERS, resolving('10.0.0.9', '10.0.0.7', '10.0.0.9'))).toEqual([
    { url: 'http://10.0.0.7:14001', host: HOST },
    { url: 'http://10.0.0.9:14001', host: HOST }
  ])
})

test('of a pod with both families one address counts, and one of IPv6 is in brackets', async () => {
  expect(await endpointsOf(BUYERS, resolving('fd00::7', '10.0.0.7'))).toEqual([{ url: BUYERS }])
  expect(await endpointsOf(BUYERS, resolving('fd00::7', 'fd00::8'))).toEqual([
    { url: 'http://[fd00::7]:14001', host: HOST },
    { url: 'http://[fd00::8]:14001', host: HOST }
  ])
})

test('an address, and a name with one or none, is taken as it is', async () => {
  expect(await endpointsOf('http://127.0.0.1:14001')).toEqual([{ url: 'http://127.0.0.1:14001' }])
  expect(await endpointsOf('http://localhost:14001')).toEqual([{ url: 'http://localhost:14001' }])
  expect(await endpointsOf('http://no-such-name.invalid:1')).toEqual([{ url: 'http://no-such-name.invalid:1' }])
})
