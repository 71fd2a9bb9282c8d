import { boundedHeader, type HttpClient, type OsmLine } from '@bookstore/common'
import type { Batch } from '../ledger/ledger.ts'
import type { SaleTrace } from '../sale-trace.ts'
import type { WarehouseTarget } from '../warehouse-target.ts'
import { type Delivery, readDelivery, readFailure } from './delivery.ts'

/** Sends one batch once. It never rejects: no answer is an outcome too. */
export type Deliver = (
  batch: Batch,
  options: { readonly trace: SaleTrace; readonly signal: AbortSignal }
) => Promise<Delivery>

/** Restocks over HTTP as the original's Go client does, and with an `Idempotency-Key` by which our warehouse adds a batch only once. */
export function createRestockClient({
  client,
  target,
  osmLine,
  now = Date.now
}: {
  readonly client: HttpClient
  readonly target: WarehouseTarget
  readonly osmLine: OsmLine
  readonly now?: () => number
}): Deliver {
  return async ({ key, amount }, { trace, signal }) => {
    osmLine(`Restocking from book warehouse with ${amount} books`)
    const headers = {
      ...trace.headers,
      ...(target.host === undefined ? {} : { host: target.host }),
      // the official policies let only this user agent through
      'user-agent': 'Go-http-client/1.1',
      'content-type': 'application/json',
      'idempotency-key': key
    }
    const request = { url: target.url, method: 'POST', headers, body: `${amount}`, signal } as const
    try {
      const answer = await trace.run(() => client.request(request))
      const identity = boundedHeader(answer.headers['identity']) ?? 'n/a'
      osmLine(`RestockBooks (${target.url}) Identity: ${identity}; Status: ${answer.status}`)
      return readDelivery(answer, now())
    } catch (error) {
      const failure = readFailure(error)
      osmLine(`RestockBooks: Error posting to ${target.url}: ${failure.reason}`)
      return failure
    }
  }
}
