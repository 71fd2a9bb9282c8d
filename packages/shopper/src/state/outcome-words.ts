import type { Snapshot } from '@bookstore/contract'
import type { Attempt } from '../shopping/attempt.ts'

/** An attempt in words for the page and the log. */
export function describeOutcome({ outcome, error, at }: Attempt): NonNullable<Snapshot['lastOutcome']> {
  const when = new Date(at).toISOString()
  switch (outcome.kind) {
    case 'bought':
      return { at: when, kind: 'bought', text: `bought a book from ${outcome.version}` }
    case 'denied':
      return { at: when, kind: 'denied', text: `denied: ${outcome.how}` }
    case 'failed':
      return { at: when, kind: 'failed', text: `failed: ${outcome.why}${detail(error)}` }
  }
}

function detail(error: Error | undefined): string {
  const message = error?.cause instanceof Error ? error.cause.message : error?.message
  return message ? ` (${message.slice(0, 200)})` : ''
}
