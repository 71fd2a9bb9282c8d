import type { HttpClient, OsmLine } from '@bookstore/common'
import { type ClientRequest, idempotencyKeyHeader, identityOf, STORE_HEADER } from '@bookstore/contract'
import type { Batch } from '../ledger/ledger.ts'
import type { BatchTrace } from '../sale-trace.ts'
import { type Delivery, readDelivery, readFailure } from './delivery.ts'

/** Sends one batch once. It never rejects: no answer is an outcome too. */
export type Deliver = (
  batch: Batch,
  options: { readonly trace: BatchTrace; readonly signal: AbortSignal }
) => Promise<Delivery>

/**
 * Restocks over HTTP as the original's Go client does, and with an `Idempotency-Key` by which our warehouse adds a
 * batch only once.
 */
export function createRestockClient({
  client,
  restock,
  identity: ownIdentity,
  osmLine,
  now = Date.now
}: {
  readonly client: HttpClient
  /** The request that restocks one book. */
  readonly restock: ClientRequest
  /** The name of this store. */
  readonly identity: string
  readonly osmLine: OsmLine
  readonly now?: () => number
}): Deliver {
  const { origin, path, method } = restock
  const url = `${origin}${path}`
  return async ({ key, amount }, { trace, signal }) => {
    osmLine(`Restocking from book warehouse with ${amount} books`)
    const headers = {
      ...trace.headers,
      ...restock.headers,
      ...idempotencyKeyHeader(key),
      [STORE_HEADER]: ownIdentity,
      'content-type': 'application/json'
    }
    const request = { url, method, headers, body: `${amount}`, signal, parent: trace.span }
    try {
      const answer = await client.request(request)
      const identity = identityOf(answer.headers) ?? 'n/a'
      osmLine(`RestockBooks (${url}) Identity: ${identity}; Status: ${answer.status}`)
      return readDelivery(answer, now())
    } catch (error) {
      const failure = readFailure(error)
      osmLine(`RestockBooks: Error posting to ${url}: ${failure.reason}`)
      return failure
    }
  }
}
