import type { Account, Workload } from '@bookstore/contract'
import type { RequestMatch } from '../model.ts'

/** A request as the mesh sees it. */
export interface MeshRequest {
  readonly source: Account
  /** Upper case; `TCP` for a plain connection. */
  readonly method: string
  /** Path with or without a query; meshes match without it. */
  readonly path: string
  /** Any case; `host` is the authority the client asked for. */
  readonly headers?: Readonly<Record<string, string>>
  /** The destination's port; 14001, the port of these applications, where absent. */
  readonly port?: number
}

export interface AccessRequest extends MeshRequest {
  readonly destination: Workload
}

/** Allowed by a rule, or denied in the way the client would see it, with the nearest miss in words. */
export type Access =
  | { readonly allowed: true; readonly by: string }
  | { readonly allowed: false; readonly how: 'reset' | '403' | '404'; readonly why: string }

/** What rules look at, made once per request. */
export interface Facts {
  readonly source: Account
  readonly method: string
  readonly path: string
  readonly port: number
  /** Of a caller outside the mesh, which has no identity; '' for one inside. */
  readonly address: string
  readonly header: (name: string) => string | undefined
}

const applicationPort = 14001

/** Prepares a request for matching: lower-case header names, the path without its query. */
export function factsOf({ source, method, path, headers = {}, port }: MeshRequest): Facts {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    source,
    method: method.toUpperCase(),
    path: path.replace(/[?#].*$/s, ''),
    port: port ?? applicationPort,
    address: '',
    header: name => byName.get(name)
  }
}

/** What of a match a request misses, in words; empty when it matches. */
export function missesOf(match: RequestMatch, facts: Facts): string[] {
  const misses: string[] = []
  if (match.path !== undefined && !match.path.matches(facts.path)) {
    misses.push(`its path, which must be ${match.path.written}`)
  }
  const { methods } = match
  if (methods !== undefined && !methods.includes('*') && !methods.includes(facts.method)) {
    misses.push(`its method, which must be ${methods.join(' or ')}`)
  }
  for (const { name, pattern } of match.headers) {
    const value = facts.header(name)
    if (value !== undefined && pattern.matches(value)) continue
    const got = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`
    misses.push(`header ${name}, which must be ${pattern.written} and ${got}`)
  }
  return misses
}

/** How messages name who calls. */
export function callerName({ serviceAccount }: Account): string {
  return serviceAccount
}
