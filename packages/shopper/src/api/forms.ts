import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readForm } from './body.ts'
import { readBurstSize } from './burst-size.ts'
import { readSplit, startBurst } from './commands.ts'
import type { ShopperControls } from './controls.ts'
import { doLesson } from './lesson-routes.ts'
import type { PageOptions, PageView } from './page-view.ts'

type Fields = Readonly<Record<string, string>>

interface FormsOptions {
  readonly controls: ShopperControls
  readonly page: PageView
  readonly sameOrigin: (request: FastifyRequest) => Promise<void>
  /** Answers with the page. */
  send(reply: FastifyReply, controls: ShopperControls, page: PageView, options: PageOptions): FastifyReply
}

/** Forms of pages without JavaScript: what cannot be done is said on the page itself. */
export function addForms(app: FastifyInstance, { controls, page, sameOrigin, send }: FormsOptions): void {
  // `act` may give what a person has to be told
  const form = (path: string, act: (fields: Fields) => unknown) =>
    app.post(path, {
      onRequest: sameOrigin,
      handler: async (request, reply) => {
        const text = await act(readForm(request.body))
        if (typeof text !== 'string') return reply.redirect('./', 303)
        return send(reply, controls, page, { notice: { kind: 'done', text }, reload: false })
      },
      errorHandler: (error, _request, reply) => {
        const notice = { kind: 'problem', text: error.message } as const
        void send(reply.status(error.statusCode ?? 500), controls, page, { notice, reload: false })
      }
    })
  form('/burst', fields => startBurst(controls, readBurstSize(fields)))
  form('/confirm', () => controls.confirm())
  form('/declare', fields => {
    const split = fields['split'] ?? weightsOf(fields)
    controls.declare(split.trim() === '' ? null : readSplit(split), 'the form on the page')
  })
  form('/lesson', async fields => {
    const { applied, command } = await doLesson(controls.lesson, { step: fields['step'], weights: weightsOf(fields) })
    return applied ? undefined : `Enter this: ${command}`
  })
}

// the fields of the sliders: `weight:bookstore-v1`
function weightsOf(fields: Fields): string {
  return Object.entries(fields)
    .filter(([name]) => name.startsWith('weight:'))
    .map(([name, weight]) => `${name.slice('weight:'.length)}=${weight}`)
    .join(',')
}
