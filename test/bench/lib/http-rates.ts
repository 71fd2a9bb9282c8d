import type { RunningApp } from '@bookstore/testing'
import type { Row } from './bench-case.ts'
import { cpuSeconds } from './programs.ts'
import { wrk } from './wrk.ts'

const ROUNDS = 9
const SECONDS = 2
const WARM_UP_SECONDS = 4

/** A server to ask. */
export interface Contestant {
  readonly name: string
  readonly url: string
  /** Undefined for a server that is not ours to look into. */
  readonly app?: RunningApp
  readonly against?: string
}

/**
 * Requests per second of the server's own processor time, of each in turn and each in every round. A processor that
 * other programs use as well gives fewer requests a second, but hardly fewer a second of its own time. A server whose
 * process is unknown is told by its requests per second.
 */
export async function measureRates(contestants: readonly Contestant[]): Promise<readonly Row[]> {
  for (const { url } of contestants) await wrk(url, { seconds: WARM_UP_SECONDS })
  const values = new Map<Contestant, number[]>(contestants.map(contestant => [contestant, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [contestant, rates] of values) rates.push(await rateOf(contestant))
  }
  return [...values].map(([{ name, app, against }, rates]) => ({
    name,
    unit: app ? 'requests per CPU second' : 'requests/s',
    values: rates,
    ...(against === undefined ? {} : { against })
  }))
}

async function rateOf({ url, app }: Contestant): Promise<number> {
  if (app === undefined) return (await wrk(url, { seconds: SECONDS })).perSecond
  const before = cpuSeconds(app.pid)
  const { requests } = await wrk(url, { seconds: SECONDS })
  return requests / (cpuSeconds(app.pid) - before)
}
