import { isRecordedEvent, type ShoppingRecord } from '@bookstore/contract'
import { startApp, tempDir, waitFor } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { json } from './json.ts'

test('the record of a shopper outlives kill -9, and says when nobody looked', async () => {
  await using state = await tempDir()
  const env = {
    STATE_DIR: state.path,
    // nobody listens there: every attempt fails
    BOOKSTORE_URL: 'http://127.0.0.1:9',
    CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.1'
  }
  const start = () => startApp({ main: 'apps/bookbuyer/src/main.ts', env })
  const read = async (url: string) => (await json<ShoppingRecord>(`${url}/api/record`)).entries
  const failed = async (url: string) =>
    (await read(url)).filter(entry => !isRecordedEvent(entry) && (entry.failed ?? 0) > 0)

  await using first = await start()
  const before = await waitFor(async () => {
    const seconds = await failed(first.url)
    return seconds.length >= 2 && seconds
  })
  await first.stop('SIGKILL')
  await using second = await start()
  const after = await waitFor(async () => {
    const seconds = await failed(second.url)
    return seconds.length > before.length && seconds
  })
  expect(after.slice(0, before.length)).toEqual(before)
  const events = (await read(second.url)).filter(isRecordedEvent).map(({ event }) => event)
  expect(events.filter(event => event === 'started')).toHaveLength(2)
  await second.stop()
  await using third = await start()
  expect((await read(third.url)).filter(isRecordedEvent).map(({ event }) => event)).toContain('stopped')
})

test('without STATE_DIR no record is kept, which is said', async () => {
  await using shopper = await startApp({
    main: 'apps/bookthief/src/main.ts',
    env: { BOOKSTORE_URL: 'http://127.0.0.1:9' }
  })
  const answer = await fetch(`${shopper.url}/api/record`)
  expect(answer.status).toBe(404)
  expect(await answer.text()).toContain('STATE_DIR is not set')
})
