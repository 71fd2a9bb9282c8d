import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpAnswer } from '@bookstore/common'
import { type FaultReport, type Faults, readBooksHeaders, type SeenPurchases } from '@bookstore/contract'
import type { ApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'
import { Hindered } from './cannot-see.ts'

/** Where stores answer: a pod's own address, or a Service that stands for several. */
export interface StorePlace {
  readonly url: string
  readonly isOnePod: boolean
}

/** Stores that misbehave on demand. */
export interface Stores {
  /**
   * Puts faults in force at every store; `known` are the instances that must confirm it.
   * @throws Hindered when the stores refuse, or not every instance was reached
   */
  everywhere(faults: Partial<Faults>, known: ReadonlySet<string>): Promise<void>
  /** Puts faults in force at one pod behind a place. */
  atOne(faults: Partial<Faults>, place: StorePlace): Promise<void>
  /**
   * Has one pod behind a place say that it is not ready, for so many seconds; gives its instance. Who is not ready is
   * asked nothing more, so this is not taken back: it ends by itself.
   */
  withdraw(place: StorePlace, seconds: number): Promise<string>
  /** The version of a pod behind a place; '' where it does not tell. */
  versionOf(place: StorePlace): Promise<string>
  /** What those with faults saw since then. */
  seen(): Promise<readonly SeenPurchases[]>
  /** Takes back all faults; gives a line for each place where that did not work. */
  clear(): Promise<readonly string[]>
}

/** Faults go by themselves after this time, whatever becomes of us. */
const FAULT_SECONDS = 120
/** Rounds over all places for each instance that is to be reached: a Service gives one of them at a time. */
const ROUNDS_EACH = 12
const BUSY_PAUSE_MS = 250
const BUSY_TRIES = 20

/** The stores at these places. `api` must use a connection for each request, so that a Service chooses anew. */
export function createStores(places: readonly StorePlace[], api: ApiClient, signal: AbortSignal): Stores {
  const touched = new Map<StorePlace, Set<string>>()
  const ask = (place: StorePlace, method: 'GET' | 'PUT' | 'DELETE', body?: object) =>
    askStore(api, { url: place.url, method, ...(body && { body: JSON.stringify(body) }) }, signal)
  const put = async (place: StorePlace, faults: Partial<Faults>) => {
    const instances = touched.get(place) ?? new Set()
    // before the answer: what is on its way when we are stopped must be taken back as well
    touched.set(place, instances)
    try {
      instances.add(instanceOf(await ask(place, 'PUT', { ...faults, seconds: FAULT_SECONDS })))
    } catch (error) {
      if (error instanceof Refused && instances.size === 0) touched.delete(place)
      throw error
    }
  }
  const reachedAll = (known: ReadonlySet<string>) => {
    const reached = new Set([...touched.values()].flatMap(instances => [...instances]))
    return [...known].filter(instance => !reached.has(instance))
  }
  /** Asks each place, and Services again until each instance behind them has answered. */
  const visit = async (instances: ReadonlySet<string>, step: (place: StorePlace) => Promise<string>) => {
    const missing = new Set(instances)
    for (const place of touched.keys()) missing.delete(await step(place))
    const services = [...touched.keys()].filter(({ isOnePod }) => !isOnePod)
    for (let round = 0; missing.size > 0 && services.length > 0 && round < ROUNDS_EACH * instances.size; round++) {
      for (const place of services) missing.delete(await step(place))
    }
    return missing
  }
  const touchedInstances = () => new Set([...touched.values()].flatMap(instances => [...instances]))
  return {
    async everywhere(faults, known) {
      for (const place of places) await put(place, faults)
      const services = places.filter(({ isOnePod }) => !isOnePod)
      for (let round = 0; reachedAll(known).length > 0 && round < ROUNDS_EACH * known.size; round++) {
        for (const place of services) await put(place, faults)
        if (services.length === 0) break
      }
      const missing = reachedAll(known)
      if (missing.length === 0) return
      throw new Hindered(
        `faults reached ${known.size - missing.length} of ${known.size} stores: ${places.map(({ url }) => url).join(', ')}`,
        'name the address of each store with --store'
      )
    },
    atOne: (faults, place) => put(place, faults),
    withdraw: async (place, seconds) => instanceOf(await ask(place, 'PUT', { unready: true, seconds })),
    versionOf: async place => String((await ask(place, 'GET')).headers['identity'] ?? ''),
    async seen() {
      const reports = new Map<string, SeenPurchases>()
      await visit(touchedInstances(), async place => {
        const answer = await ask(place, 'GET')
        reports.set(instanceOf(answer), (JSON.parse(answer.body) as FaultReport).seen)
        return instanceOf(answer)
      })
      return [...reports.values()]
    },
    async clear() {
      try {
        const missing = await visit(touchedInstances(), async place => instanceOf(await ask(place, 'DELETE')))
        touched.clear()
        return missing.size === 0 ? [] : [leftBehind([...missing].join(', '))]
      } catch (error) {
        if (!(error instanceof CommandError || error instanceof Hindered)) throw error
        return [leftBehind(`${[...touched.keys()].map(({ url }) => url).join(', ')}: ${error.message}`)]
      }
    }
  }
}

function leftBehind(where: string): string {
  return `faults could not be taken back and end by themselves within ${FAULT_SECONDS} s: ${where}`
}

async function askStore(
  api: ApiClient,
  request: { readonly url: string; readonly method: 'GET' | 'PUT' | 'DELETE'; readonly body?: string },
  signal: AbortSignal
): Promise<HttpAnswer> {
  const url = `${request.url}/api/faults`
  // what a promise refuses (a rate limit, a circuit breaker) is refused to us too
  for (let tries = 1; ; tries++) {
    const answer = await send(api, { ...request, url })
    if (answer.status === 200) return answer
    if (answer.status === 403) throw closed(url, answer)
    if (tries === BUSY_TRIES)
      throw new Hindered(`${request.method} ${url}: still ${answer.status} after ${tries} tries`)
    await sleep(BUSY_PAUSE_MS, undefined, { signal })
  }
}

async function send(api: ApiClient, request: Parameters<ApiClient['send']>[0]): Promise<HttpAnswer> {
  try {
    return await api.send(request, 403, 429, 503)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    throw new Hindered(error.message, 'name the address of each store with --store', error)
  }
}

/** Nothing was put in force. */
class Refused extends Hindered {}

function closed(url: string, { body }: HttpAnswer): Refused {
  if (body.includes('FAULTS_OFF')) {
    return new Refused(
      `${url}: the store does not misbehave on demand`,
      'FAULTS=on; in the chart bookstore.faults=true'
    )
  }
  return new Refused(`${url}: the mesh refuses us (403)`, 'let this client send PUT /api/faults to the stores')
}

function instanceOf({ headers }: HttpAnswer): string {
  return readBooksHeaders(headers)?.instance ?? ''
}
