import { httpError } from '@bookstore/common'
import { parseSplit, type Split, SplitError } from '@bookstore/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readJsonObject } from './body.ts'
import { type BurstSize, readBurstSize } from './burst-size.ts'
import type { ShopperControls } from './controls.ts'

/** What programs ask a shopper to do. */
export function addCommands(
  app: FastifyInstance,
  {
    controls,
    sameOrigin
  }: { readonly controls: ShopperControls; readonly sameOrigin: (request: FastifyRequest) => Promise<void> }
): void {
  app.post('/api/burst', { onRequest: sameOrigin }, async (request, reply) => {
    startBurst(controls, readBurstSize(readJsonObject(request.body)))
    return reply.status(202).send(controls.burstProgress())
  })
  app.get('/api/burst', async () => ({ progress: controls.burstProgress(), attempts: controls.burstAttempts() }))
  app.delete('/api/burst', { onRequest: sameOrigin }, async () => {
    controls.stopBurst()
    return controls.burstProgress() ?? {}
  })
  app.post('/api/windows', { onRequest: sameOrigin }, async (request, reply) => {
    if (isBurstWanted(request.body)) controls.confirm()
    else controls.openWindow()
    return reply.status(202).send(controls.snapshot().window)
  })
  app.post('/api/egress', { onRequest: sameOrigin }, async () => ({ requests: await controls.leave() }))
  app.put('/api/declared', { onRequest: sameOrigin }, async request => {
    const { split } = readJsonObject(request.body)
    controls.declare(split === null || split === '' ? null : readSplit(split), 'PUT /api/declared')
    return controls.snapshot().declared
  })
}

/** @throws an error answered as 409 while a burst is running */
export function startBurst(controls: ShopperControls, size: BurstSize): void {
  if (controls.startBurst(size)) return
  const { done = 0, total = 0 } = controls.burstProgress() ?? {}
  throw httpError(409, `a burst is running: ${done} of ${total}; wait for its end`, 'BURST_RUNNING')
}

/** The split of a JSON body or a form. @throws an error answered as 400 */
export function readSplit(value: unknown): Split {
  if (typeof value !== 'string' || value.length > 1000) {
    throw httpError(400, 'split: expected text such as "bookstore-v1=50,bookstore-v2=50"')
  }
  try {
    return parseSplit(value)
  } catch (error) {
    if (error instanceof SplitError) throw httpError(400, `split: ${error.message}`)
    throw error
  }
}

function isBurstWanted(body: unknown): boolean {
  if (body === undefined || body === null || body === '') return true
  const { burst = true } = readJsonObject(body)
  if (typeof burst === 'boolean') return burst
  throw httpError(400, `burst: expected true or false, got ${JSON.stringify(burst)?.slice(0, 80)}`)
}
