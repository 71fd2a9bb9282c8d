import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHttpClient } from '@bookstore/common'
import { expect, test } from 'vitest'
import { createApiClient } from '../api/api-client.ts'
import { Hindered } from './cannot-see.ts'
import { createStores } from './stores.ts'

const NONE = { abort: null, delay: null, unready: false }
const seen = { requests: 7, aborted: 0, delayed: 0, mostInFlight: 3 }

/** A Service in front of pods, which are asked in turn. */
async function service(pods: readonly string[], answerOf: (turn: number) => { status: number; body?: object } | null) {
  const faults = new Map<string, unknown>(pods.map(pod => [pod, NONE]))
  let turn = 0
  const server = createServer((request, response) => {
    const pod = pods[turn % pods.length] ?? ''
    const other = answerOf(turn++)
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      response.setHeader('bookstore-instance', pod)
      if (other !== null) return response.writeHead(other.status).end(JSON.stringify(other.body ?? {}))
      if (request.method === 'PUT') faults.set(pod, JSON.parse(body))
      if (request.method === 'DELETE') faults.set(pod, NONE)
      return response.end(JSON.stringify({ ...NONE, secondsLeft: null, seen }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const signal = new AbortController().signal
  const api = createApiClient({ signal, client: createHttpClient({ keepAlive: false }) })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stores = createStores([{ url, isOnePod: false }], api, signal)
  const end = async () => {
    await api.close()
    server.close()
  }
  return { stores, faults, place: { url, isOnePod: false }, [Symbol.asyncDispose]: end }
}

const late = { delay: { ms: 100, percent: 100 } }

test('every pod behind a Service gets the faults, is asked what it saw, and is cleared', async () => {
  await using shop = await service(['a', 'b', 'c'], () => null)
  await shop.stores.everywhere(late, new Set(['a', 'b', 'c']))
  expect([...shop.faults.values()]).toEqual(Array.from({ length: 3 }, () => ({ ...late, seconds: 120 })))
  expect(await shop.stores.seen()).toEqual([seen, seen, seen])
  expect(await shop.stores.clear()).toEqual([])
  expect([...shop.faults.values()]).toEqual([NONE, NONE, NONE])
})

test('says so when an instance that sells is not reached', async () => {
  await using shop = await service(['a', 'b'], () => null)
  await expect(shop.stores.everywhere(late, new Set(['a', 'b', 'elsewhere']))).rejects.toThrow(
    /^faults reached 2 of 3 stores/
  )
  expect(await shop.stores.clear()).toEqual([])
})

test('one pod alone, when one is asked for', async () => {
  await using shop = await service(['a', 'b'], () => null)
  await shop.stores.atOne(late, shop.place)
  expect([...shop.faults.values()].filter(value => value === NONE)).toHaveLength(1)
  await shop.stores.clear()
  expect([...shop.faults.values()]).toEqual([NONE, NONE])
})

test('asks again where a promise refuses us too, and tells what closes the stores', async () => {
  await using busy = await service(['a'], turn => (turn === 0 ? { status: 429 } : null))
  await busy.stores.everywhere(late, new Set(['a']))
  expect(busy.faults.get('a')).toMatchObject(late)
  await using closed = await service(['a'], () => ({ status: 403, body: { code: 'FAULTS_OFF' } }))
  const refusal = await closed.stores.everywhere(late, new Set()).catch(error => error)
  expect(refusal).toBeInstanceOf(Hindered)
  expect(refusal.message).toContain('does not misbehave on demand')
  expect(refusal.todo).toContain('bookstore.faults=true')
  // nothing was put in force, so there is nothing to take back
  expect(await closed.stores.clear()).toEqual([])
  await using denied = await service(['a'], () => ({ status: 403 }))
  await expect(denied.stores.everywhere(late, new Set())).rejects.toThrow('the mesh refuses us (403)')
})

test('faults that cannot be taken back are told with when they end', async () => {
  await using shop = await service(['a'], turn => (turn === 0 ? null : { status: 500 }))
  await shop.stores.everywhere(late, new Set(['a']))
  const [problem] = await shop.stores.clear()
  expect(problem).toContain('end by themselves within 120 s')
})
