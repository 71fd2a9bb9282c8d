import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitForOptions {
  readonly timeoutMs?: number
  readonly intervalMs?: number
  /** What is awaited, for the error's message. */
  readonly what?: string
}

/**
 * Calls `probe` until it gives something truthy, and gives that back.
 * @throws Error that says what was awaited and what the last try gave or threw
 */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 120_000, intervalMs = 20, what = 'the condition' }: WaitForOptions = {}
): Promise<Exclude<T, false | 0 | '' | null | undefined>> {
  const deadline = performance.now() + timeoutMs
  let last = 'nothing'
  let cause: unknown
  while (performance.now() < deadline) {
    try {
      const value = await probe()
      if (value) return value as Exclude<T, false | 0 | '' | null | undefined>
      last = `the value ${JSON.stringify(value)}`
      cause = undefined
    } catch (error) {
      last = `the error "${(error as Error).message}"`
      cause = error
    }
    await sleep(intervalMs)
  }
  throw new Error(`expected ${what} within ${timeoutMs} ms, the last try gave ${last}`, { cause })
}
