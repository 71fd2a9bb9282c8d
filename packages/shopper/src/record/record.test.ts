import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { silentLogs } from '@bookstore/common'
import type { RecordEntry } from '@bookstore/contract'
import { tempDir } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import type { Attempt } from '../shopping/attempt.ts'
import { openRecordStore } from './record-store.ts'
import { createSecondCounter } from './second-counter.ts'

const { logger } = silentLogs()
const NOW = Date.UTC(2026, 10, 25, 14)
const always = { since: 0, until: Number.MAX_SAFE_INTEGER }
const second = (number: number): RecordEntry => ({ at: NOW + number * 1000, bought: { 'bookstore-v1': number } })

describe('the record on disk', () => {
  test('is there again when it is opened again, and reads only what was asked for', async () => {
    await using dir = await tempDir()
    const options = { folder: dir.join('state'), name: 'bookbuyer', logger }
    const first = openRecordStore({ ...options, now: () => NOW })
    first.append([second(0), second(1)])
    first.append([second(2)])
    first.close()
    const again = openRecordStore({ ...options, now: () => NOW + 5_000 })
    again.append([second(5)])
    expect(await again.read(always)).toEqual([0, 1, 2, 5].map(second))
    expect(await again.read({ since: NOW + 1000, until: NOW + 2000 })).toEqual([1, 2].map(second))
    expect(again.found).toEqual([])
    again.close()
  })

  test('loses only the line that a kill cut, and goes on in a file of its own', async () => {
    await using dir = await tempDir()
    const options = { folder: dir.path, name: 'bookbuyer', logger }
    const first = openRecordStore({ ...options, now: () => NOW })
    first.append([second(0)])
    first.close()
    const [file = ''] = await readdir(dir.path)
    await appendFile(dir.join(file), '{"at":17')
    const again = openRecordStore({ ...options, now: () => NOW + 1000 })
    again.append([second(1)])
    expect(await again.read(always)).toEqual([0, 1].map(second))
    expect(again.found).toEqual([])
    again.close()
  })

  test('sets a broken file aside, names it, and keeps what can be read of it', async () => {
    await using dir = await tempDir()
    const name = `bookbuyer-record-${NOW}.jsonl`
    await writeFile(dir.join(name), `${JSON.stringify(second(0))}\n\u0000\u0000garbage\n${JSON.stringify(second(1))}\n`)
    const store = openRecordStore({ folder: dir.path, name: 'bookbuyer', logger, now: () => NOW + 9000 })
    expect(store.found).toEqual([expect.stringMatching(`${name} had 1 lines that are no entries; it was set aside as`)])
    expect(await store.read(always)).toEqual([0, 1].map(second))
    const aside = (await readdir(dir.path)).find(file => file.includes('.broken-')) ?? ''
    expect(await readFile(dir.join(aside), 'utf8')).toContain('garbage')
    store.close()
  })

  test('is bounded: the oldest file goes', async () => {
    await using dir = await tempDir()
    const store = openRecordStore({
      folder: dir.path,
      name: 'bookbuyer',
      logger,
      now: () => NOW,
      largestFile: 100,
      mostFiles: 3
    })
    for (let number = 0; number < 50; number++) store.append([second(number)])
    expect(await readdir(dir.path)).toHaveLength(3)
    const kept = await store.read(always)
    expect(kept.at(-1)).toEqual(second(49))
    expect(kept.length).toBeLessThan(12)
    store.close()
  })

  test('of two shoppers may share a folder', async () => {
    await using dir = await tempDir()
    const stores = ['bookbuyer', 'bookthief'].map(name => openRecordStore({ folder: dir.path, name, logger }))
    stores[0]?.append([second(1)])
    expect(await stores[1]?.read(always)).toEqual([])
    for (const store of stores) store.close()
  })
})

describe('seconds', () => {
  const attempt = (at: number, more: Partial<Attempt> = {}): Attempt => ({
    url: 'http://bookstore/',
    outcome: { kind: 'bought', version: 'bookstore-v1' },
    answer: { status: 200, headers: { server: 'envoy' }, body: '', elapsedMs: 4, connectionsSince: 0 },
    error: undefined,
    at,
    ...more
  })

  test('count outcomes, proxies, proofs and answer times, and one without tries is there too', () => {
    const counter = createSecondCounter(NOW)
    counter.observe(attempt(NOW + 10))
    const headers = { 'bookstore-client-identity': 'spiffe://cluster.local/ns/bookbuyer/sa/bookbuyer' }
    counter.observe(
      attempt(NOW + 20, { answer: { status: 200, headers, body: '', elapsedMs: 8, connectionsSince: 0 } })
    )
    counter.observe(attempt(NOW + 2100, { outcome: { kind: 'failed', why: '503' }, answer: undefined }))
    expect(counter.take(NOW + 2500)).toEqual([
      { at: NOW, bought: { 'bookstore-v1': 2 }, proxies: { envoy: 1, istio: 1 }, proven: 1, p50: 4, p95: 8 },
      { at: NOW + 1000 }
    ])
    expect(counter.take(NOW + 3000)).toEqual([{ at: NOW + 2000, failed: 1, reasons: { '503': 1 } }])
  })

  test('that were taken get nothing more: what comes late belongs to the next one', () => {
    const counter = createSecondCounter(NOW)
    counter.take(NOW + 1000)
    counter.observe(attempt(NOW + 500))
    expect(counter.take(NOW + 2000)).toMatchObject([{ at: NOW + 1000, bought: { 'bookstore-v1': 1 } }])
  })

  test('that were seen in part are none: the first one is whole, and what was met before it is in it', () => {
    const counter = createSecondCounter(NOW + 400)
    counter.observe(attempt(NOW + 600))
    expect(counter.take(NOW + 1000)).toEqual([])
    expect(counter.take(NOW + 2000)).toMatchObject([{ at: NOW + 1000, bought: { 'bookstore-v1': 1 } }])
  })

  test('of a clock that jumps an hour ahead are not made up', () => {
    const counter = createSecondCounter(NOW)
    expect(counter.take(NOW + 3_600_000).length).toBeLessThanOrEqual(60)
  })
})
