import { httpError } from '@bookstore/common'
import { ApplyError } from '@bookstore/local-mesh'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Lesson, LessonAnswer } from '../lesson/lesson.ts'
import { readJsonObject } from './body.ts'
import { readSplit } from './commands.ts'

/** `GET /api/lesson` tells how the course stands; `POST` does a step of it, or splits by given weights. */
export function addLesson(
  app: FastifyInstance,
  {
    lesson,
    sameOrigin
  }: { readonly lesson: Lesson | undefined; readonly sameOrigin: (request: FastifyRequest) => Promise<void> }
): void {
  app.get('/api/lesson', async () => required(lesson).read())
  app.post('/api/lesson', { onRequest: sameOrigin }, async request => {
    const { step, weights } = readJsonObject(request.body)
    return doLesson(lesson, { step, weights })
  })
}

/**
 * Does a step, or splits by weights: one of the two must be given.
 * @throws errors answered as 400, 404 without a course, 409 for what does not fit to the policies, 503 for a folder that
 * cannot be written
 */
export async function doLesson(
  lesson: Lesson | undefined,
  { step, weights }: { readonly step?: unknown; readonly weights?: unknown }
): Promise<LessonAnswer> {
  const course = required(lesson)
  try {
    if (step === undefined) return await course.split(readSplit(weights))
    const answer = typeof step === 'string' ? course.step(step) : undefined
    if (answer !== undefined) return await answer
  } catch (error) {
    throw asHttpError(error)
  }
  throw httpError(400, `step: expected one of ${course.ids().join(', ')}, got ${JSON.stringify(step).slice(0, 80)}`)
}

function required(lesson: Lesson | undefined): Lesson {
  if (lesson !== undefined) return lesson
  throw httpError(404, 'there is no lesson where no policies can be seen, nor for a service of your own', 'NO_LESSON')
}

function asHttpError(error: unknown): unknown {
  if (error instanceof RangeError) return httpError(400, `weights: ${error.message}`)
  if (!(error instanceof ApplyError)) return error
  return error.fault === 'no-access'
    ? httpError(503, error.message, 'POLICIES_NOT_WRITABLE')
    : httpError(409, error.message, 'POLICIES_REFUSED')
}
