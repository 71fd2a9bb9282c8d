import type { Headers } from './headers.ts'

const HEADER = 'idempotency-key'
const MAX_LENGTH = 255

/** The header under which a restock has its key. */
export function idempotencyKeyHeader(key: string): Record<string, string> {
  return { [HEADER]: key }
}

/**
 * The key of a restock, from the `Idempotency-Key` header; undefined when there is none. The header is a quoted string
 * (draft-ietf-httpapi-idempotency-key-header-07, RFC 8941 section 3.3.3); clients that leave the quotes out are
 * understood too, and mean the same key.
 * @throws RangeError unless the key has 1 to 255 printable ASCII characters
 */
export function readIdempotencyKey(headers: Headers): string | undefined {
  const header = headers[HEADER]
  if (header === undefined) return undefined
  const text = typeof header === 'string' ? header.trim() : header.join(', ')
  const key = text.startsWith('"') ? unquoted(text) : text
  const isPrintable = /^[\x20-\x7e]+$/.test(key)
  if (!isPrintable || key.length > MAX_LENGTH) {
    const got = isPrintable ? `${key.length} characters` : JSON.stringify(text.slice(0, 80))
    throw new RangeError(`expected an Idempotency-Key of 1 to ${MAX_LENGTH} printable ASCII characters, got ${got}`)
  }
  return key
}

function unquoted(text: string): string {
  const inner = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1] ?? ''
  return inner.replace(/\\(["\\])/g, '$1')
}
