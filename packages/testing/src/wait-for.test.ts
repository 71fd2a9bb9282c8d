import { expect, test } from 'vitest'
import { waitFor } from './wait-for.ts'

test('gives the first truthy value', async () => {
  let calls = 0
  expect(await waitFor(() => ++calls > 2 && `call ${calls}`, { intervalMs: 1 })).toBe('call 3')
})

test('goes on after an error', async () => {
  let calls = 0
  const probe = () => {
    if (++calls < 3) throw new Error('not yet')
    return calls
  }
  expect(await waitFor(probe, { intervalMs: 1 })).toBe(3)
})

test('says what was awaited and what came last when the time is over', async () => {
  await expect(waitFor(() => 0, { timeoutMs: 5, intervalMs: 1, what: 'a sale' })).rejects.toThrow(
    'expected a sale within 5 ms, the last try gave the value 0'
  )
})

test('keeps the last error as the cause', async () => {
  const refused = new Error('refused')
  const waiting = waitFor(() => Promise.reject(refused), { timeoutMs: 5, intervalMs: 1 })
  await expect(waiting).rejects.toMatchObject({
    message: expect.stringContaining('refused'),
    cause: refused
  })
})
