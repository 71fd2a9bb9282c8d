import type { Logger } from '@bookstore/common'
import type { Dispatcher } from 'undici'
import type { ShopperConfig } from './config.ts'
import { NO_POLICIES, type PolicyFeed } from './state/policy-feed.ts'

/** Where policies come from, and the layer that applies them if that is for us to do. */
export interface OpenPolicies extends PolicyFeed {
  readonly interceptors: readonly Dispatcher.DispatcherComposeInterceptor[]
}

/** The local mesh when POLICY_DIR is set, the cluster's API when CLUSTER_POLICIES=on, nothing otherwise. */
export async function openPolicies(config: ShopperConfig, logger: Logger): Promise<OpenPolicies> {
  if (config.policyDir !== undefined) {
    const { openLocalMesh } = await import('./local-mesh-feed.ts')
    return openLocalMesh({ ...config, policyDir: config.policyDir }, logger)
  }
  if (config.clusterPolicies) {
    const { openClusterFeed } = await import('./cluster-feed.ts')
    return openClusterFeed(config, logger)
  }
  return { view: () => NO_POLICIES, close: () => undefined, interceptors: [] }
}
