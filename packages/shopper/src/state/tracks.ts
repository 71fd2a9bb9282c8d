import type { Split, Status } from '@bookstore/contract'
import type { JudgeWindow } from '@bookstore/verdict'

/** What was known after so many purchases; shares from 0 to 1. */
export interface TrackPoint {
  readonly purchases: number
  readonly share: number
  readonly low: number
  readonly high: number
}

/** How the interval of one version's share narrowed in a window. */
export interface Track {
  readonly id: number
  readonly declared: Split
  readonly version: string
  readonly status: Status
  readonly points: readonly TrackPoint[]
}

/** The tracks of the newest windows. */
export interface Tracks {
  /** Notes where the window stands; a point is kept for every tenth more purchases. */
  look(window: JudgeWindow): void
  /** Oldest first; the last one reaches to the given window. */
  read(current: JudgeWindow): readonly Track[]
}

const MOST_TRACKS = 4
const STEP = 1.1

export function createTracks(): Tracks {
  let tracks: readonly Track[] = []
  const withPoint = (window: JudgeWindow, isDue: (track: Track, purchases: number) => boolean) => {
    const fresh = trackOf(window)
    if (fresh === null) return tracks
    const known = tracks.find(({ id }) => id === window.id)
    const track = { ...(known ?? fresh), status: window.verdict.status }
    const point = pointOf(window, track.version)
    const points = point && isDue(track, point.purchases) ? [...track.points, point] : track.points
    return [...tracks.filter(({ id }) => id !== window.id), { ...track, points }].slice(-MOST_TRACKS)
  }
  return {
    look(window) {
      tracks = withPoint(window, ({ points }, purchases) => purchases >= (points.at(-1)?.purchases ?? 0) * STEP)
    },
    read: current => withPoint(current, ({ points }, purchases) => purchases > (points.at(-1)?.purchases ?? 0))
  }
}

function trackOf({ id, declared, verdict }: JudgeWindow): Track | null {
  const [version] = Object.keys(declared ?? {})
  if (declared === null || version === undefined) return null
  return { id, declared, version, status: verdict.status, points: [] }
}

function pointOf({ verdict }: JudgeWindow, name: string): TrackPoint | null {
  const found = verdict.versions.find(({ version }) => version === name)
  if (found === undefined || verdict.purchases === 0) return null
  const { share, low, high } = found
  return { purchases: verdict.purchases, share, low, high }
}
