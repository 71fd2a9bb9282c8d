import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { httpError } from './server-errors.ts'

/**
 * A hook that refuses a state-changing request which a browser sends from another site (cross-site request forgery) or
 * to a name that an attacker's DNS points at us (DNS rebinding). Clients that are no browser send neither Origin nor
 * Sec-Fetch-Site and pass. Names without a dot, addresses, and cluster names are ours; others are listed in
 * `allowedHosts` (ALLOWED_HOSTS).
 */
export function createSameOriginCheck(allowedHosts: readonly string[]) {
  return async ({ headers }: FastifyRequest): Promise<void> => {
    const { origin, host = '' } = headers
    const site = headers['sec-fetch-site']
    if (origin === undefined && site === undefined) return
    const isOwnSite = site === undefined || site === 'same-origin' || site === 'none'
    const isOwnOrigin = origin === undefined || hostOf(origin) === host.toLowerCase()
    if (isOwnSite && isOwnOrigin && isOwnName(hostname(host), allowedHosts)) return
    throw httpError(
      403,
      `only pages of this server may do this; the request came from ${String(origin ?? site).slice(0, 100)} to ${host.slice(0, 100)} (ALLOWED_HOSTS names further hosts)`,
      'CROSS_ORIGIN'
    )
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function hostname(host: string): string {
  const url = `http://${host}`
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : ''
}

function isOwnName(name: string, allowedHosts: readonly string[]): boolean {
  if (name === '') return false
  if (isIP(name) !== 0 || !name.includes('.')) return true
  return /\.(localhost|svc|svc\.cluster\.local)$/.test(name) || allowedHosts.includes(name)
}
