import { httpError } from '@bookstore/common'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { FaultSwitch } from './fault-switch.ts'
import { NO_FAULTS, readFaults } from './faults.ts'

const DEFAULT_SECONDS = 60
const MAX_SECONDS = 600

/**
 * `GET /api/faults` tells the faults and what was seen under them, `PUT` sets them for `seconds` (60), `DELETE` ends
 * them. Where the store has no switch, all of them are 403.
 */
export function addFaultRoutes(
  app: FastifyInstance,
  {
    faults,
    sameOrigin
  }: { readonly faults: FaultSwitch | undefined; readonly sameOrigin: (request: FastifyRequest) => Promise<void> }
): void {
  const required = () => {
    if (faults === undefined) throw httpError(403, 'faults are switched off (FAULTS=off)', 'FAULTS_OFF')
    return faults
  }
  app.get('/api/faults', async () => required().report())
  app.put('/api/faults', { onRequest: sameOrigin }, async request => {
    const { seconds = DEFAULT_SECONDS, ...asked } = readBody(request.body)
    const read = readAsked(asked)
    required().set(read, secondsOf(seconds))
    return required().report()
  })
  app.delete('/api/faults', { onRequest: sameOrigin }, async () => {
    required().set(NO_FAULTS, 0)
    return required().report()
  })
}

function readBody(body: unknown): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(typeof body === 'string' ? body : '')
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch (error) {
    throw httpError(400, `expected a JSON object: ${(error as Error).message.slice(0, 120)}`)
  }
  throw httpError(400, 'expected a JSON object such as {"abort":{"status":503,"percent":30}}')
}

function readAsked(value: unknown) {
  try {
    return readFaults(value)
  } catch (error) {
    throw httpError(400, (error as Error).message)
  }
}

function secondsOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_SECONDS) return value
  throw httpError(
    400,
    `seconds: expected a whole number from 1 to ${MAX_SECONDS}, got ${JSON.stringify(value)?.slice(0, 80)}`
  )
}
