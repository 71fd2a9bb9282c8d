import { httpError } from '@bookstore/common'
import type { ShopperRole, Snapshot } from '@bookstore/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type AccessOptions, addAccess } from './access-routes.ts'
import { addCommands } from './commands.ts'
import type { ShopperControls } from './controls.ts'
import { addEvents } from './events.ts'
import { addForms } from './forms.ts'
import { addLesson } from './lesson-routes.ts'
import type { PageOptions, PageView, Scene } from './page-view.ts'
import { addPromises } from './promise-routes.ts'
import { addRecord, type ReadRecord } from './record-route.ts'
import { addViews } from './views.ts'

export interface RoutesOptions extends AccessOptions {
  readonly controls: ShopperControls
  readonly page: PageView
  /** The record on disk; absent where none is kept. */
  readonly record?: ReadRecord | undefined
  readonly isResetOpen: boolean
  /** Told how many listeners the event stream has. */
  readonly onListeners?: (count: number) => void
  /** How many may listen to the events at the same time. */
  readonly maxListeners?: number
}

/** The last five minutes are what a page shows. */
const PAGE_TIMELINE_MS = 5 * 60_000

/** All routes of a shopper, on top of what every server has. */
export function addShopperRoutes(app: FastifyInstance, options: RoutesOptions): void {
  addPage(app, options)
  addCounters(app, options)
  addViews(app, options.controls)
  addRecord(app, options.record)
  addAccess(app, options)
  addCommands(app, options)
  addLesson(app, { lesson: options.controls.lesson, sameOrigin: options.sameOrigin })
  addPromises(app, { ...options.controls, sameOrigin: options.sameOrigin })
  addForms(app, { ...options, send: sendPage })
  const { controls, page, maxListeners, onListeners } = options
  addEvents(app, {
    ...(maxListeners === undefined ? {} : { maxListeners }),
    ...(onListeners && { onListeners }),
    views: {
      snapshot: { event: 'snapshot', read: () => JSON.stringify(controls.snapshot()) },
      page: {
        event: 'live',
        read: () => page.liveEvent(sceneOf(controls))
      }
    }
  })
}

function addPage(app: FastifyInstance, { controls, page }: RoutesOptions): void {
  app.get('/', { exposeHeadRoute: true }, async (request, reply) => {
    const { reload, view } = request.query as { reload?: string; view?: string }
    return sendPage(reply, controls, page, { reload: reload !== 'off', view: view === 'stage' ? 'stage' : 'page' })
  })
  for (const [path, { headers, text }] of Object.entries(page.assets)) {
    app.get(path, async (_request, reply) => reply.headers(headers).send(text))
  }
}

function addCounters(app: FastifyInstance, { role, controls, page, isResetOpen }: RoutesOptions): void {
  app.get('/raw', { exposeHeadRoute: true }, async () => rawCounts(role, controls.snapshot()))
  app.get('/reset', async (_request, reply) => {
    if (!isResetOpen) throw httpError(403, 'resetting is switched off (RESET=off)', 'RESET_OFF')
    controls.reset()
    const notice = { kind: 'done', text: 'The counts are zero again.' } as const
    return sendPage(reply, controls, page, { notice })
  })
}

/** The original's counters under the original's names. */
function rawCounts(role: ShopperRole, { counts }: Pick<Snapshot, 'counts'>): Record<string, number> {
  const name = role === 'bookthief' ? 'booksStolen' : 'booksBought'
  return {
    [name]: counts.bought,
    [`${name}V1`]: counts.byVersion['bookstore-v1'] ?? 0,
    [`${name}V2`]: counts.byVersion['bookstore-v2'] ?? 0
  }
}

function sendPage(reply: FastifyReply, controls: ShopperControls, page: PageView, options: PageOptions): FastifyReply {
  return reply.headers(page.headers).send(page.render(sceneOf(controls), options))
}

function sceneOf(controls: ShopperControls): Scene {
  return {
    snapshot: controls.snapshot(),
    timeline: controls.timeline(PAGE_TIMELINE_MS),
    picture: controls.picture(),
    promises: controls.promises().promises,
    lesson: controls.lesson?.read() ?? null
  }
}
