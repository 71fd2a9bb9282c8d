import type { AttemptRecord, EgressRecord, PromiseResult, Snapshot, Split, TimelineBucket } from '@bookstore/contract'
import type { Lesson } from '../lesson/lesson.ts'
import type { PromisesAnswer } from '../promises/promise-board.ts'
import type { BurstProgress } from '../shopping/burst.ts'
import type { Picture } from '../state/picture.ts'
import type { BurstSize } from './burst-size.ts'

/** What the routes need of a shopper. */
export interface ShopperControls {
  snapshot(): Snapshot
  timeline(sinceMs: number): readonly TimelineBucket[]
  picture(): Picture
  reset(): void
  /** Begins a fresh window, the counts go on, and buys a burst for it unless one is running. */
  confirm(): void
  /** Begins a fresh window and buys nothing for it. */
  openWindow(): void
  /** Declares weights in the name of a person; null takes that back. */
  declare(split: Split | null, detail: string): void
  /** Starts a burst; false when one is running. */
  startBurst(size: BurstSize): boolean
  /** Has a running burst begin no further purchases. */
  stopBurst(): void
  burstProgress(): BurstProgress | null
  /** The attempts of the newest burst. */
  burstAttempts(): readonly AttemptRecord[]
  /** Reaches outside the mesh once, at each address that is set. */
  leave(): Promise<readonly EgressRecord[]>
  /** What is promised, and what was proven of it. */
  promises(): PromisesAnswer
  keepProof(results: readonly PromiseResult[]): void
  /** The course; absent where no policies can be seen, or the service is no bookstore. */
  readonly lesson?: Lesson | undefined
}
