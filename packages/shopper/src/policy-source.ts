import type { Logger, Registry } from '@bookstore/common'
import type { PolicyFile } from '@bookstore/policy'
import type { Dispatcher } from 'undici'
import type { LessonHand } from './lesson/lesson.ts'
import type { PolicyFeed } from './state/policy-feed.ts'

/** Where policies come from, and the layer that applies them if that is for us to do. */
export interface PolicySource extends PolicyFeed {
  readonly interceptors: readonly Dispatcher.DispatcherComposeInterceptor[]
  /** Who puts policies in force; absent where none can be seen. */
  readonly hand?: LessonHand
  /** Puts policies in force and gives a line for each object; absent where that is not for us to do. */
  readonly apply?: (files: readonly PolicyFile[]) => Promise<readonly string[]>
}

/** Where those who follow policies tell what they do. */
export interface PolicyTools {
  readonly logger: Logger
  readonly registry: Registry
}
