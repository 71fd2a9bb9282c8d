import type { Snapshot, TimelineBucket } from '@bookstore/contract'
import type { LessonView } from '../lesson/lesson.ts'
import type { StandingPromise } from '../promises/promise-board.ts'
import type { Picture } from '../state/picture.ts'

/** What a page shows. */
export interface Scene {
  readonly snapshot: Snapshot
  readonly timeline: readonly TimelineBucket[]
  readonly picture: Picture
  readonly promises: readonly StandingPromise[]
  /** The course; null where there is none. */
  readonly lesson: LessonView | null
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
export interface PageOptions {
  readonly notice?: { readonly kind: 'done' | 'problem'; readonly text: string }
  /** Whether a page without JavaScript reloads itself. */
  readonly reload?: boolean
  readonly view?: 'page' | 'stage'
}
