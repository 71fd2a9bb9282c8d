import { pause } from '@bookstore/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FaultSwitch } from './fault-switch.ts'

/**
 * A hook before a sale that has it late, or answered with an error instead. Whoever leaves while it waits has not
 * bought: a proxy that gives up and tries again must not cost a second book.
 */
export function misbehave(faults: FaultSwitch | undefined, closing: AbortSignal) {
  return async (_request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (faults === undefined) return undefined
    const { delayMs, status, end } = faults.begin()
    const left = new AbortController()
    reply.raw.once('close', () => {
      end()
      left.abort()
    })
    if (delayMs > 0) await pause(delayMs, AbortSignal.any([closing, left.signal]))
    if (left.signal.aborted) return reply.hijack()
    if (status === null) return undefined
    const message = 'answered on demand (/api/faults)'
    return reply.status(status).send({ statusCode: status, code: 'FAULT_ON_DEMAND', message })
  }
}
