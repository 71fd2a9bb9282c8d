import { expect, test } from 'vitest'
import { pause } from './pause.ts'

test('a pause ends by itself, and at once when it is aborted before or meanwhile', async () => {
  await pause(1, new AbortController().signal)
  await pause(3_600_000, AbortSignal.abort())
  const leaving = new AbortController()
  const paused = pause(3_600_000, leaving.signal)
  leaving.abort()
  expect(await paused).toBeUndefined()
})
