import type { Dispatcher } from 'undici'

type Headers = Dispatcher.DispatchOptions['headers']

/** Headers in any of the shapes that undici takes, as pairs with lower-case names. */
function headerPairs(headers: Headers): [string, string | string[]][] {
  if (headers === null || headers === undefined) return []
  if (Array.isArray(headers) && !Array.isArray(headers[0])) return flatPairs(headers)
  const pairs: Iterable<unknown> = Symbol.iterator in headers ? (headers as Iterable<unknown>) : Object.entries(headers)
  return Array.from(pairs).flatMap(pair => {
    if (!Array.isArray(pair)) return []
    const [name, value] = pair as [unknown, unknown]
    return value === undefined || value === null ? [] : [pairOf(name, value)]
  })
}

/** The same headers in undici's flat shape, with `host` as the client asked for it. */
export function withHost(headers: Headers, host: string): string[] {
  const pairs = headerPairs(headers)
  const own = pairs.some(([name]) => name === 'host') ? [] : ['host', host]
  const flat = pairs.flatMap(([name, value]) =>
    Array.isArray(value) ? value.flatMap(one => [name, one]) : [name, value]
  )
  return [...own, ...flat]
}

/** Headers for matching: the last word per name, lists joined as HTTP joins them, and a host in any case. */
export function headerRecord(headers: Headers, host: string): Record<string, string> {
  const pairs = headerPairs(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value])
  return { host, ...Object.fromEntries(pairs) }
}

function flatPairs(flat: readonly unknown[]): [string, string | string[]][] {
  const pairs: [string, string | string[]][] = []
  for (let index = 0; index + 1 < flat.length; index += 2) {
    pairs.push(pairOf(flat[index], flat[index + 1]))
  }
  return pairs
}

function pairOf(name: unknown, value: unknown): [string, string | string[]] {
  return [String(name).toLowerCase(), Array.isArray(value) ? value.map(String) : String(value)]
}
