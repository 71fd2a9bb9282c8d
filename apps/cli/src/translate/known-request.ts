import { clientRequestsOf, defaultTopology } from '@bookstore/contract'
import type { Sample } from '@bookstore/policy'

/** What the bookstore's own programs send. */
export function ownRequests(): readonly Sample[] {
  return defaultTopology()
    .workloads.flatMap(clientRequestsOf)
    .map(({ method, path, headers }) => ({ method, path, headers }))
}

/**
 * Reads `GET /path`, with headers behind semicolons: `GET /path; user-agent: curl/8`. Throws an Error that says what
 * was expected.
 */
export function parseKnownRequest(text: string): Sample {
  const [line = '', ...headers] = text.split(';').map(part => part.trim())
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(line) ?? []
  if (method === undefined || path === undefined) {
    throw new Error(`expected METHOD PATH, such as "GET /books; user-agent: curl/8", got "${text}"`)
  }
  return { method, path, headers: Object.fromEntries(headers.map(headerOf)) }
}

function headerOf(text: string): readonly [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.+)$/.exec(text) ?? []
  if (name === undefined || value === undefined)
    throw new Error(`expected a header such as user-agent: curl/8, got "${text}"`)
  return [name.toLowerCase(), value]
}
