import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves after `ms`, or at once when the signal fires: for loops that look at their signal themselves. */
export async function pause(
  ms: number,
  signal: AbortSignal,
  { ref = true }: { readonly ref?: boolean } = {}
): Promise<void> {
  try {
    await sleep(ms, undefined, { signal, ref })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Resolves when the signal has fired. */
export function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined)
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
