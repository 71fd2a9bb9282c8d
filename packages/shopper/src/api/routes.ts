import { httpError } from '@bookstore/common'
import {
  parseSplit,
  type ShopperRole,
  type Snapshot,
  type Split,
  SplitError,
  type TimelineBucket
} from '@bookstore/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { BurstProgress } from '../shopping/burst.ts'
import type { Picture } from '../state/picture.ts'
import { type AccessOptions, addAccess } from './access-routes.ts'
import { readForm, readJsonObject } from './body.ts'
import { type BurstSize, readBurstSize } from './burst-size.ts'
import { addEvents } from './events.ts'
import { addRecord, type ReadRecord } from './record-route.ts'
import { addViews } from './views.ts'

/** What the routes need of a shopper. */
export interface ShopperControls {
  snapshot(): Snapshot
  timeline(sinceMs: number): readonly TimelineBucket[]
  picture(): Picture
  reset(): void
  /** Begins a fresh window, the counts go on, and buys a burst for it unless one is running. */
  confirm(): void
  /** Declares weights in the name of a person; null takes that back. */
  declare(split: Split | null, detail: string): void
  /** Starts a burst; false when one is running. */
  startBurst(size: BurstSize): boolean
  burstProgress(): BurstProgress | null
}

/** What a page shows. */
export interface Scene {
  readonly snapshot: Snapshot
  readonly timeline: readonly TimelineBucket[]
  readonly picture: Picture
}

/** What a page is made of; given so that routes know nothing of markup. */
export interface PageView {
  readonly headers: Readonly<Record<string, string>>
  render(scene: Scene, options: PageOptions): string
  /** What changes on the page, as one line of JSON. */
  liveEvent(scene: Scene): string
  readonly assets: Readonly<
    Record<string, { readonly headers: Readonly<Record<string, string>>; readonly text: string }>
  >
}

/** What a page says once. */
interface PageOptions {
  readonly notice?: { readonly kind: 'done' | 'problem'; readonly text: string }
  /** Whether a page without JavaScript reloads itself. */
  readonly reload?: boolean
  readonly view?: 'page' | 'stage'
}

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
  addForms(app, options)
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

function addCommands(app: FastifyInstance, { controls, sameOrigin }: RoutesOptions): void {
  app.post('/api/burst', { onRequest: sameOrigin }, async (request, reply) => {
    startBurst(controls, readBurstSize(readJsonObject(request.body)))
    return reply.status(202).send(controls.burstProgress())
  })
  app.post('/api/windows', { onRequest: sameOrigin }, async (_request, reply) => {
    controls.confirm()
    return reply.status(202).send(controls.snapshot().window)
  })
  app.put('/api/declared', { onRequest: sameOrigin }, async request => {
    const { split } = readJsonObject(request.body)
    controls.declare(split === null || split === '' ? null : readSplit(split), 'PUT /api/declared')
    return controls.snapshot().declared
  })
}

// for pages without JavaScript: what cannot be done is said on the page itself
function addForms(app: FastifyInstance, { controls, page, sameOrigin }: RoutesOptions): void {
  const form = (path: string, act: (fields: Readonly<Record<string, string>>) => void) =>
    app.post(path, {
      onRequest: sameOrigin,
      handler: async (request, reply) => {
        act(readForm(request.body))
        return reply.redirect('./', 303)
      },
      errorHandler: (error, _request, reply) => {
        const notice = { kind: 'problem', text: error.message } as const
        void sendPage(reply.status(error.statusCode ?? 500), controls, page, {
          notice,
          reload: false
        })
      }
    })
  form('/burst', fields => startBurst(controls, readBurstSize(fields)))
  form('/confirm', () => controls.confirm())
  form('/declare', ({ split = '' }) =>
    controls.declare(split.trim() === '' ? null : readSplit(split), 'the form on the page')
  )
}

function startBurst(controls: ShopperControls, size: BurstSize): void {
  if (controls.startBurst(size)) return
  const { done = 0, total = 0 } = controls.burstProgress() ?? {}
  throw httpError(409, `a burst is running: ${done} of ${total}; wait for its end`, 'BURST_RUNNING')
}

function readSplit(value: unknown): Split {
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

function sendPage(reply: FastifyReply, controls: ShopperControls, page: PageView, options: PageOptions): FastifyReply {
  return reply.headers(page.headers).send(page.render(sceneOf(controls), options))
}

function sceneOf(controls: ShopperControls): Scene {
  return {
    snapshot: controls.snapshot(),
    timeline: controls.timeline(PAGE_TIMELINE_MS),
    picture: controls.picture()
  }
}
