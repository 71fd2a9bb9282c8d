import type { Split } from '@bookstore/contract'
import { createLogs, createReadiness, createSameOriginCheck, createServer } from '../../packages/common/src/index.ts'
import type { ShopperControls } from '../../packages/shopper/src/api/controls.ts'
import { addShopperRoutes, type RoutesOptions } from '../../packages/shopper/src/api/routes.ts'
import type { LessonAnswer } from '../../packages/shopper/src/lesson/lesson.ts'
import { loadPageView } from '../../packages/shopper/src/page-view.ts'
import type { Example } from '../../packages/shopper/test-support/simulated-shopper.ts'

/** The real routes and the real page over a shopper whose state a test chooses. */
export interface PageServer extends AsyncDisposable {
  readonly url: string
  /** The state from now on; open pages learn of it with the next event, and have its time, which this gives, as `data-at`. */
  show(example: Example): string
  /** What was asked of the shopper, such as `burst 2000 16`. */
  readonly asked: readonly string[]
  /** Whether a burst can be started. */
  allowBurst(isAllowed: boolean): void
}

/** Serves a state on a free port of the loopback. */
export async function servePage(
  first: Example,
  options: Partial<Pick<RoutesOptions, 'maxListeners'>> = {}
): Promise<PageServer> {
  let example = first
  let isBurstAllowed = true
  const asked: string[] = []
  const controls: ShopperControls = {
    snapshot: () => example.snapshot,
    timeline: () => example.timeline,
    picture: () => example.picture,
    openWindow: () => void asked.push('window'),
    stopBurst: () => void asked.push('stop'),
    promises: () => ({ policies: { kind: 'none', problems: [] }, outlook: null, promises: example.promises }),
    keepProof: () => void asked.push('proof'),
    get lesson() {
      const { lesson } = example
      if (lesson === null) return undefined
      const answer = async (what: string): Promise<LessonAnswer> => {
        asked.push(what)
        return { applied: lesson.hand === 'here', command: `do ${what}`, results: [what], difference: null }
      }
      return {
        read: () => lesson,
        ids: () => [],
        step: (id: string) => answer(`step ${id}`),
        split: (split: Split) => answer(`weights ${JSON.stringify(split)}`)
      }
    },
    confirm: () => void asked.push('confirm'),
    reset: () => void asked.push('reset'),
    declare: split => void asked.push(`declare ${JSON.stringify(split)}`),
    startBurst({ purchases, concurrency }) {
      asked.push(`burst ${purchases} ${concurrency}`)
      return isBurstAllowed
    },
    burstProgress: () => ({ running: true, done: 7, total: 2000 }),
    burstAttempts: () => [],
    leave: async () => []
  }
  const { logger } = await createLogs({ service: 'page-test', identity: 'page-test', format: 'json', level: 'silent' })
  const app = createServer({ logger, readiness: createReadiness() })
  addShopperRoutes(app, {
    ...options,
    role: first.snapshot.app,
    controls,
    page: loadPageView(),
    isResetOpen: true,
    sameOrigin: createSameOriginCheck([])
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    asked,
    show(next) {
      // a page takes no step back in time
      const at = new Date(Date.parse(example.snapshot.at) + 1000).toISOString()
      example = { ...next, snapshot: { ...next.snapshot, at } }
      return at
    },
    allowBurst: isAllowed => {
      isBurstAllowed = isAllowed
    },
    [Symbol.asyncDispose]: () => app.close()
  }
}
