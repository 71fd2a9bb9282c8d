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
  /** Told what could not be put back when the proof breaks off. */
  readonly warn: (text: string) => void
}

/** Purchases of the first look at the shop. */
const LOOK = 200
const WAIT_MS = 250
/** A buyer under a burst answers late. */
const BUSY_MS = 20_000

/**
 * Proves the promises to a buyer and puts everything back, also when it is stopped or breaks off.
 * @throws CommandError when the buyer cannot be reached or its policies cannot be read
 */
export async function prove(options: ProveOptions): Promise<Omit<ProveReport, 'judged'>> {
  const { url, signal, progress, warn, only } = options
  const startedAt = performance.now()
  // what puts things back must work when the signal has fired
  const kept = new AbortController().signal
  await using api = disposable(createApiClient({ signal, timeoutMs: BUSY_MS }))
  await using last = disposable(createApiClient({ signal: kept, timeoutMs: BUSY_MS }))
  await using storeApi = disposable(createApiClient({ signal: kept, client: createHttpClient({ keepAlive: false }) }))
  const disturbance = watchDisturbance()
  const bench = await openBench(options, { api, storeApi, kept, disturbance })
  const closing = createBuyer(url, last, kept)
  const putBack = async () => [
    ...(await bench.stores.clear()),
    ...(disturbance.isThere() ? await attempted('the buyer has not begun a new window', closing.settle()) : [])
  ]
  const { results, problems } = await provePromises(bench, only, name => {
    signal.throwIfAborted()
    progress(`proving ${name}`)
  }).catch(async error => {
    for (const problem of await putBack()) warn(problem)
    throw error
  })
  const left = await putBack()
  const untold = await attempted('the buyer does not keep the results for its page', closing.keepProof(results))
  return {
    url,
    at: new Date().toISOString(),
    seconds: (performance.now() - startedAt) / 1000,
    results,
    problems: [...problems, ...left, ...untold],
    note: disturbance.isThere() ? WINDOW_NOTE : ''
  }
}

async function openBench(
  options: ProveOptions,
  {
    api,
    storeApi,
    kept,
    disturbance
  }: {
    readonly api: ApiClient
    readonly storeApi: ApiClient
    readonly kept: AbortSignal
    readonly disturbance: Disturbance
  }
): Promise<Bench> {
  const quiet = createBuyer(options.url, api, options.signal)
  const told = await reached(quiet.outlook, options)
  const outlook = outlookOf(told, options)
  const places = placesOf(outlook, options.stores)
  const bare = createStores(places, storeApi, kept)
  const { noting } = disturbance
  const buyer = { ...quiet, buy: noting(quiet.buy) }
  let looked: ReturnType<Bench['look']> | undefined
  return {
    signal: options.signal,
    kind: told.policies.kind,
    declared: declaredOf(outlook),
    outlook,
    buyer,
    stores: {
      ...bare,
      everywhere: noting(bare.everywhere),
      atOne: noting(bare.atOne),
      withdraw: noting(bare.withdraw)
    },
    places,
    look: () => (looked ??= buyer.buy({ purchases: LOOK, concurrency: 4 }))
  }
}

/** Whether anything was done that the shop's own verdicts notice. */
interface Disturbance {
  isThere(): boolean
  /** The same act, which is noted. */
  noting<A extends unknown[], R>(act: (...args: A) => R): (...args: A) => R
}

function watchDisturbance(): Disturbance {
  let isThere = false
  return {
    isThere: () => isThere,
    noting: act => {
      return (...args) => {
        isThere = true
        return act(...args)
      }
    }
  }
}

/** A line when it did not work. */
async function attempted(what: string, act: Promise<void>): Promise<readonly string[]> {
  try {
    await act
    return []
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [`${what}: ${error.message}`]
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
