import type { Logger, Registry } from '@bookstore/common'
import type { Dispatcher } from 'undici'
import type { PolicyFeed } from './state/policy-feed.ts'

/** Where policies come from, and the layer that applies them if that is for us to do. */
export interface PolicySource extends PolicyFeed {
  readonly interceptors: readonly Dispatcher.DispatcherComposeInterceptor[]
}

/** Where those who follow policies tell what they do. */
export interface PolicyTools {
  readonly logger: Logger
  readonly registry: Registry
}
