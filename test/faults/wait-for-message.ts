import { waitFor } from '@bookstore/testing'
import { readBuyer, readStore } from './books.ts'
import type { Service } from './service.ts'

/** Waits until the warehouse says on its readiness probe why it cannot work, in words that match. */
export async function warehouseSays(warehouse: Service, pattern: RegExp): Promise<string> {
  const text = await waitFor(
    async () => {
      const response = await fetch(`${warehouse.url}/readiness`)
      const { reasons = {} } = (await response.json()) as { reasons?: Record<string, string> }
      const text = matching(Object.values(reasons), pattern)
      if (text === undefined) throw new Error(JSON.stringify({ status: response.status, reasons }))
      return text
    },
    { timeoutMs: 20_000, what: `the warehouse to say ${pattern}` }
  )
  return `warehouse: ${text}`
}

/** Waits until a store says why its restocks wait, in words that match. */
export async function storeSays(store: Service, pattern: RegExp): Promise<string> {
  const text = await waitFor(async () => matching([(await readStore(store)).problem ?? ''], pattern), {
    timeoutMs: 20_000,
    what: `${store.name} to say ${pattern}`
  })
  return `${store.name}: ${text}`
}

/** Waits until the buyer names the reason in its counts, and has said it in its headline. */
export async function buyerSays(buyer: Service, reason: string): Promise<string> {
  const title = await waitFor(
    async () => {
      const { counts, headline } = await readBuyer(buyer)
      const isNamed = Object.hasOwn({ ...counts.byFailure, ...counts.byDenial }, reason)
      if (isNamed && headline.status === 'broken' && headline.text.includes(reason)) return headline.title
      throw new Error(JSON.stringify({ headline, counts }))
    },
    { timeoutMs: 20_000, intervalMs: 5, what: `the buyer to say ${reason}` }
  )
  return `buyer: ${title} (${reason})`
}

function matching(texts: readonly string[], pattern: RegExp): string | undefined {
  return texts.find(text => pattern.test(text))
}
