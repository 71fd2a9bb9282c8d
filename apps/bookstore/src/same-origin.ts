import { httpError } from '@bookstore/common'
import type { FastifyRequest } from 'fastify'

/**
 * Keeps pages of other sites from changing the books through somebody's browser; other programs send neither header.
 * A person who follows a link is let through, because a link cannot send a body.
 * https://www.w3.org/TR/fetch-metadata/ and RFC 6454
 * @throws a 403 error
 */
export async function refuseOtherSites({ headers }: FastifyRequest): Promise<void> {
  const site = headers['sec-fetch-site']
  const isForeign = site === 'cross-site' || site === 'same-site'
  const isEmbedded = isForeign && headers['sec-fetch-mode'] !== 'navigate'
  if (!isEmbedded && isSameOrigin(headers.origin, headers.host)) return
  throw httpError(403, 'a page of another site may not change the books', 'CROSS_SITE')
}

function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
