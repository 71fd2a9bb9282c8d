import { addProbe, httpError, type ProbeOptions } from '@bookstore/common'
import type { DeclaredCell, ShopperRole } from '@bookstore/contract'
import type { FastifyInstance } from 'fastify'

/** What the routes about access need. */
export interface AccessOptions extends Pick<ProbeOptions, 'sameOrigin'> {
  readonly role: ShopperRole
  /** What the policies say of each pair of the shop; null while that cannot be known. */
  readonly cells?: () => readonly DeclaredCell[] | null
  /** What a probe of the peers goes through. */
  readonly openProbe?: ProbeOptions['open']
}

/** `GET /api/access`: what the policies say of each pair of the shop. `POST /api/probe`: what really happens. */
export function addAccess(
  app: FastifyInstance,
  { role, cells = () => null, openProbe, sameOrigin }: AccessOptions
): void {
  app.get('/api/access', async () => {
    const declared = cells()
    if (declared === null) throw httpError(404, 'the policies cannot be seen from here', 'NO_POLICIES')
    return { cells: declared }
  })
  addProbe(app, { source: role, open: openProbe, sameOrigin })
}
