import { lookup } from 'node:dns/promises'

/** One buyer: where it is asked, and by which name. */
export interface Endpoint {
  readonly url: string
  /** The Host header for an address that was found by a name: a sidecar knows the name only. */
  readonly host?: string | undefined
}

/** All addresses of a name; none when it has none or cannot be resolved. */
export type Resolve = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

/**
 * One endpoint for each address of a name that has several, such as a headless Service has; else the address as it is. A
 * name with addresses of both families is taken by IPv4 alone, because one pod has one of each.
 */
export async function endpointsOf(address: string, resolve: Resolve = lookupAll): Promise<readonly Endpoint[]> {
  const url = new URL(address)
  const all = await resolve(url.hostname)
  const ofOneFamily = all.filter(({ family }) => family === (all.some(found => found.family === 4) ? 4 : 6))
  if (ofOneFamily.length < 2) return [{ url: address }]
  const addresses = [...new Set(ofOneFamily.map(({ address }) => address))].sort()
  return addresses.map(found => {
    const endpoint = new URL(url)
    endpoint.hostname = found.includes(':') ? `[${found}]` : found
    return { url: endpoint.href.replace(/\/+$/, ''), host: url.host }
  })
}

async function lookupAll(name: string): ReturnType<Resolve> {
  // a name that is not found is told by the request to it, with its address
  return await lookup(name, { all: true }).catch(() => [])
}
