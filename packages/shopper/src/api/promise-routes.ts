import { httpError } from '@bookstore/common'
import { PROMISE_STATUSES, PROMISES, type PromiseResult } from '@bookstore/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PromisesAnswer } from '../promises/promise-board.ts'
import { readJsonObject } from './body.ts'

const MAX_TEXT = 4_000
const TEXTS = ['declaredBy', 'seen', 'reason', 'todo'] as const

/** `GET /api/promises` tells what is declared and what was proven of it; `PUT` takes the results of a proof. */
export function addPromises(
  app: FastifyInstance,
  {
    promises,
    keepProof,
    sameOrigin
  }: {
    promises(): PromisesAnswer
    keepProof(results: readonly PromiseResult[]): void
    readonly sameOrigin: (request: FastifyRequest) => Promise<void>
  }
): void {
  app.get('/api/promises', async () => promises())
  app.put('/api/promises', { onRequest: sameOrigin }, async request => {
    keepProof(readResults(readJsonObject(request.body)))
    return promises()
  })
}

function readResults({ results }: Readonly<Record<string, unknown>>): readonly PromiseResult[] {
  if (!Array.isArray(results) || results.length > PROMISES.length) {
    throw httpError(400, `results: expected a list of at most ${PROMISES.length} results, got ${shown(results)}`)
  }
  return results.map((result, at) => readResult(`results[${at}]`, result))
}

function readResult(place: string, value: unknown): PromiseResult {
  if (typeof value !== 'object' || value === null) {
    throw httpError(400, `${place}: expected an object, got ${shown(value)}`)
  }
  const fields = value as Readonly<Record<string, unknown>>
  const oneOf = <T extends string>(name: string, choices: readonly T[]): T => {
    const choice = choices.find(candidate => candidate === fields[name])
    if (choice !== undefined) return choice
    throw httpError(400, `${place}.${name}: expected one of ${choices.join(', ')}, got ${shown(fields[name])}`)
  }
  const texts = TEXTS.map(name => {
    const text = fields[name]
    if (typeof text === 'string' && text.length <= MAX_TEXT) return [name, text] as const
    throw httpError(400, `${place}.${name}: expected a text of at most ${MAX_TEXT} characters, got ${shown(text)}`)
  })
  return {
    name: oneOf('name', PROMISES),
    status: oneOf('status', PROMISE_STATUSES),
    ...(Object.fromEntries(texts) as Record<(typeof TEXTS)[number], string>)
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? 'nothing'
}
