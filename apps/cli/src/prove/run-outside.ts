import type { PromiseResult } from '@bookstore/contract'
import { judgeMutualTls } from '@bookstore/verdict'
import { hintFor } from './hints.ts'
import { askInPlaintext, certificateOf } from './outsider.ts'
import type { ProveReport } from './words.ts'

/**
 * Looks at stores as somebody without a sidecar: whether plaintext is refused, and whose certificate they show. Only
 * mutual TLS can be seen from there, and the buyer cannot be asked, because it refuses plaintext as well.
 */
export async function proveOutside(
  stores: readonly string[],
  signal: AbortSignal
): Promise<Omit<ProveReport, 'judged'>> {
  const startedAt = performance.now()
  const results: PromiseResult[] = []
  for (const url of stores) {
    const plaintext = await askInPlaintext(url, signal)
    const certificate = await certificateOf(url, signal)
    signal.throwIfAborted()
    const { status, seen, reason } = judgeMutualTls({ plaintext, certificate })
    const todo = hintFor('mutual-tls', status)
    results.push({
      name: 'mutual-tls',
      declaredBy: '--outside-mesh: nothing but mutual TLS',
      status,
      seen: `${url}: ${seen}`,
      reason,
      todo
    })
  }
  const seconds = (performance.now() - startedAt) / 1000
  return { url: stores.join(', '), at: new Date().toISOString(), seconds, results, problems: [], note: '' }
}
