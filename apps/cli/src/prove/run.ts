import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpClient } from '@bookstore/common'
import { declaredPromises, type PolicySet, type PromiseOutlook } from '@bookstore/policy'
import { type ApiClient, createApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'
import type { ProveArguments } from './arguments.ts'
import type { Bench } from './bench.ts'
import { type BuyerOutlook, createBuyer } from './buyer.ts'
import { placesOf } from './places.ts'
import { provePromises } from './prove.ts'
import { createStores } from './stores.ts'
import { type ProveReport, WINDOW_NOTE } from './words.ts'

export interface ProveOptions extends Pick<ProveArguments, 'only' | 'stores' | 'isBlindAllowed' | 'waitMs'> {
  readonly url: string
  /** The policies that are to hold; undefined: what the buyer says is declared. */
  readonly expected: PolicySet | undefined
  readonly signal: AbortSignal
  readonly progress: (text: string) => void
}

/** Purchases of the first look at the shop. */
const LOOK = 200
const WAIT_MS = 250

/**
 * Proves the promises to a buyer and puts everything back, also when it is stopped or breaks off.
 * @throws CommandError when the buyer cannot be reached or its policies cannot be read
 */
export async function prove(options: ProveOptions): Promise<Omit<ProveReport, 'judged'>> {
  const { url, signal, progress, only } = options
  const startedAt = performance.now()
  // what puts things back must work when the signal has fired
  const kept = new AbortController().signal
  await using api = disposable(createApiClient({ signal }))
  await using last = disposable(createApiClient({ signal: kept }))
  await using storeApi = disposable(createApiClient({ signal: kept, client: createHttpClient({ keepAlive: false }) }))
  const buyer = createBuyer(url, api, signal)
  const told = await reached(buyer.outlook, options)
  const outlook = outlookOf(told, options)
  const { pace } = await buyer.snapshot()
  const places = placesOf(outlook, options.stores)
  const stores = createStores(places, storeApi, kept)
  let looked: ReturnType<Bench['look']> | undefined
  const bench: Bench = {
    ...options,
    kind: told.policies.kind,
    declared: declaredOf(outlook),
    outlook,
    buyer,
    stores,
    places,
    usualPerSecond: pace.purchasesPerSecond,
    look: () => (looked ??= buyer.buy({ purchases: LOOK, concurrency: 4 }))
  }
  const closing = createBuyer(url, last, kept)
  try {
    const { results, problems } = await provePromises(bench, only, name => {
      signal.throwIfAborted()
      progress(`proving ${name}`)
    })
    const untold = await closing.keepProof(results).then(
      () => [],
      (error: Error) => [`the buyer does not keep the results for its page: ${error.message}`]
    )
    const seconds = (performance.now() - startedAt) / 1000
    return {
      url,
      at: new Date().toISOString(),
      seconds,
      results,
      problems: [...problems, ...untold],
      note: WINDOW_NOTE
    }
  } finally {
    for (const problem of await stores.clear()) progress(problem)
    await closing.settle()
  }
}

function disposable(api: ApiClient): ApiClient & AsyncDisposable {
  return { ...api, [Symbol.asyncDispose]: () => api.close() }
}

async function reached<T>(ask: () => Promise<T>, { waitMs, signal }: ProveOptions): Promise<T> {
  const deadline = performance.now() + waitMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof CommandError) || performance.now() >= deadline) throw error
      await sleep(WAIT_MS, undefined, { signal })
    }
  }
}

function outlookOf(
  { policies, outlook }: BuyerOutlook,
  { expected, isBlindAllowed, url }: ProveOptions
): PromiseOutlook {
  if (outlook === null) {
    throw new CommandError(
      `${url}: the buyer can see no policies, so that nobody knows what is declared (POLICY_DIR, CLUSTER_POLICIES=on)`
    )
  }
  if (expected !== undefined) {
    const { topology, request, egressUrls } = outlook
    return { ...outlook, declared: declaredPromises({ policies: expected, topology }, request, egressUrls) }
  }
  if (policies.problems.length > 0 && !isBlindAllowed) {
    const told = policies.problems.map(problem => `  ${problem}`).join('\n')
    throw new CommandError(`what is declared now cannot be read: mend it, or give --allow-unreadable-policies\n${told}`)
  }
  return outlook
}

function declaredOf({ declared, request }: PromiseOutlook): Bench['declared'] {
  if (declared !== null) return declared
  throw new CommandError(
    `expected a Service ${request.service.namespace}/${request.service.name} in the topology, got none`
  )
}
