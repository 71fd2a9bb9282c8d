import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger, Tracing } from '@bookstore/common'
import { type Batch, formBatch, type Ledger, settleBatch, waiting } from '../ledger/ledger.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import { type BatchTrace, type SaleTrace, traceBatch } from '../sale-trace.ts'
import { backoffMs } from './backoff.ts'
import { type Delivery, describeProblem, type Postponed, readFailure } from './delivery.ts'
import { createOutboxAge, type OutboxAge } from './outbox-age.ts'
import type { Deliver } from './restock-client.ts'
import { createRestockWait, type RestockWait } from './restock-wait.ts'
import { createWaitingTraces } from './waiting-traces.ts'

/** What the outside may know of the relay. */
export interface RelayStatus {
  /** Why restocks wait or were refused, as the last attempt showed. */
  readonly problem: string | undefined
  /** Books the warehouse has counted from all stores, as it last said. */
  readonly warehouseTotal: number | undefined
}

export interface OutboxRelayOptions {
  readonly store: LedgerStore
  readonly deliver: Deliver
  readonly logger: Logger
  readonly events?: RelayEvents
  readonly tracing?: Tracing | undefined
  /** Most books in one batch. */
  readonly batchMax?: number
  /** Longest time in ms that `awaitRestock` takes; 0 for none. */
  readonly waitMs?: number
  /** Gives a number from 0 to below 1. */
  readonly random?: () => number
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** Told what becomes of restocks. */
export interface RelayEvents {
  attempted(outcome: Delivery['kind']): void
  acknowledged(batch: { readonly books: number; readonly lagSeconds: number }): void
}

const NOBODY: RelayEvents = { attempted: () => undefined, acknowledged: () => undefined }

/** Longest pause between attempts in ms while the store wants to stop. */
const HURRIED_PAUSE_MS = 250

/** Carries restocks from the outbox to the warehouse, one batch at a time; at rest until `start`. */
export class OutboxRelay {
  readonly #options: Required<Omit<OutboxRelayOptions, 'tracing'>> & Pick<OutboxRelayOptions, 'tracing'>
  readonly #hurry = new AbortController()
  readonly #halt = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #wake: () => void = () => undefined
  readonly #traces = createWaitingTraces()
  #carried: { readonly key: string; readonly trace: BatchTrace } = { key: '', trace: { headers: {} } }
  #status: RelayStatus = { problem: undefined, warehouseTotal: undefined }
  #failures = 0
  readonly #age: OutboxAge
  readonly #wait: RestockWait

  constructor({
    events = NOBODY,
    batchMax = 1_000,
    waitMs = 0,
    random = Math.random,
    sleep = (ms, signal) => delay(ms, undefined, { signal }),
    ...needed
  }: OutboxRelayOptions) {
    const { sold, restocked, dropped } = needed.store.current()
    this.#age = createOutboxAge({ sold, settled: restocked + dropped, now: Date.now() })
    this.#wait = createRestockWait({ waitMs })
    this.#options = { ...needed, events, batchMax, waitMs, random, sleep }
  }

  start(): void {
    this.#running = this.#run()
  }

  /**
   * Says that the books have a new sale, the `sold`-th ever made. A batch carries on the trace of its newest sale, and is
   * linked to those of the others.
   */
  saleMade(sold: number, trace: SaleTrace): void {
    this.#traces.add(sold, trace)
    this.#age.sold(sold, Date.now())
    this.#wake()
  }

  /**
   * Resolves when the restock of the `sold`-th sale is acknowledged or refused for good, but after `waitMs` at the
   * latest, and at once while restocks do not get through.
   */
  async awaitRestock(sold: number): Promise<void> {
    if (this.#options.waitMs > 0 && this.#failures === 0) await this.#wait.wait(sold)
  }

  status(): RelayStatus {
    return this.#status
  }

  /** Age in ms of the oldest sale that is not settled; 0 when none waits. */
  oldestAgeMs(): number {
    return Date.now() - (this.#age.oldest() ?? Date.now())
  }

  /**
   * Sends what waits without long pauses, for at most `timeoutMs`, then stops. Gives the number of books not known to
   * be restocked.
   */
  async finish({ timeoutMs }: { readonly timeoutMs: number }): Promise<number> {
    this.#hurry.abort()
    this.#wake()
    const deadline = setTimeout(() => this.#halt.abort(), timeoutMs)
    await this.#running
    clearTimeout(deadline)
    return waiting(this.#options.store.current())
  }

  async #run(): Promise<void> {
    while (!this.#halt.signal.aborted) {
      if (waiting(this.#options.store.current()) > 0) await this.#attempt()
      else if (this.#hurry.signal.aborted) return
      else await this.#nextSale()
    }
  }

  #nextSale(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }

  async #attempt(): Promise<void> {
    const delivery = await this.#deliverNext().catch(readFailure)
    if (this.#halt.signal.aborted && delivery.kind === 'retry') return
    this.#options.events.attempted(delivery.kind)
    this.#note(delivery)
    if (delivery.kind === 'retry' || delivery.kind === 'denied') await this.#pause(delivery)
  }

  async #deliverNext(): Promise<Delivery> {
    const { store, deliver, batchMax } = this.#options
    // the key is kept before the first sending, so that a restarted store repeats this batch and no other
    const ledger = await store.change(formBatch(randomUUID(), { maxAmount: batchMax }))
    const { batch } = ledger
    if (batch === undefined) throw new Error('expected a batch while restocks wait, got none')
    const trace = this.#traceOf(batch, ledger)
    const delivery = await deliver(batch, { trace, signal: this.#halt.signal })
    if (delivery.kind === 'delivered')
      this.#acknowledged(batch, await store.change(settleBatch(batch.key, 'restocked')))
    if (delivery.kind === 'refused') await this.#drop(batch, delivery.reason)
    return delivery
  }

  #acknowledged(batch: Batch, ledger: Ledger): void {
    this.#wait.settled(settled(ledger))
    const now = Date.now()
    const lagSeconds = (now - (this.#age.settled(settled(ledger)) ?? now)) / 1000
    this.#options.events.acknowledged({ books: batch.amount, lagSeconds })
    this.#options.logger.debug({ ...batch, lagSeconds, ...this.#ids() }, 'restocked')
    this.#carried.trace.span?.end()
  }

  async #drop(batch: Batch, reason: string): Promise<void> {
    const count = settled(await this.#options.store.change(settleBatch(batch.key, 'dropped')))
    this.#age.settled(count)
    this.#wait.settled(count)
    this.#options.logger.error({ ...batch, reason, ...this.#ids() }, 'the warehouse refused restocks for good')
    this.#carried.trace.span?.fail('refused', reason)
    this.#carried.trace.span?.end()
  }

  // by these a line is found from the purchase, and the purchase from a line
  #ids(): object {
    const { headers, span } = this.#carried.trace
    return { request_id: headers['x-request-id'], ...(span && { trace_id: span.traceId, span_id: span.spanId }) }
  }

  #traceOf(batch: Batch, ledger: Ledger): BatchTrace {
    if (batch.key !== this.#carried.key) {
      const sales = this.#traces.takeUpTo(settled(ledger) + batch.amount)
      this.#carried = { key: batch.key, trace: traceBatch(batch, sales, this.#options.tracing) }
    }
    return this.#carried.trace
  }

  #note(delivery: Delivery): void {
    const { store, logger } = this.#options
    const problem = describeProblem(delivery)
    const record = { waiting: waiting(store.current()), reason: problem, ...this.#ids() }
    if (problem === undefined) {
      if (this.#status.problem !== undefined) logger.info(record, 'restocks get through again')
    } else if (problem !== this.#status.problem) logger.warn(record, 'a restock failed')
    const isPostponed = delivery.kind === 'retry' || delivery.kind === 'denied'
    this.#failures = isPostponed ? this.#failures + 1 : 0
    if (isPostponed) this.#wait.failed()
    const total = delivery.kind === 'delivered' ? delivery.warehouseTotal : undefined
    this.#status = { problem, warehouseTotal: total ?? this.#status.warehouseTotal }
  }

  async #pause({ kind, retryAfterMs }: Postponed<'retry' | 'denied'>): Promise<void> {
    const { random, sleep } = this.#options
    const pace = kind === 'denied' ? { baseMs: 1_000, capMs: 10_000 } : {}
    const ms = backoffMs({ failures: this.#failures, retryAfterMs, random: random(), ...pace })
    const isHurried = this.#hurry.signal.aborted
    const signal = isHurried ? this.#halt.signal : this.#hurry.signal
    // an aborted pause is over, that is all
    await sleep(isHurried ? Math.min(ms, HURRIED_PAUSE_MS) : ms, signal).catch(() => undefined)
  }
}

function settled({ restocked, dropped }: Ledger): number {
  return restocked + dropped
}
