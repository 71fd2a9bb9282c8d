import { httpError } from '@bookstore/common'
import { API_SCHEMAS, type Snapshot, type TimelineBucket } from '@bookstore/contract'
import type { FastifyInstance } from 'fastify'

interface Views {
  snapshot(): Snapshot
  timeline(sinceMs: number): readonly TimelineBucket[]
}

/** What programs read: the snapshot, the part of it that is judged, the timeline, and the schemas of all of it. */
export function addViews(app: FastifyInstance, controls: Views): void {
  app.get('/api/snapshot', async () => controls.snapshot())
  app.get('/api/verdict', async () => {
    const { headline, health, alarm, declared, verdict, access, window, earlierWindows } = controls.snapshot()
    return { headline, health, alarm, declared, verdict, access, window, earlierWindows }
  })
  app.get('/api/timeline', async request => ({
    buckets: controls.timeline(readSeconds(request.query as Record<string, unknown>) * 1000)
  }))
  app.get('/api/schema', async () => API_SCHEMAS)
}

function readSeconds({ seconds = '86400' }: Readonly<Record<string, unknown>>): number {
  if (typeof seconds === 'string' && /^\d{1,5}$/.test(seconds) && Number(seconds) <= 86_400) return Number(seconds)
  throw httpError(400, `seconds: expected a whole number up to 86400, got ${JSON.stringify(seconds).slice(0, 80)}`)
}
