import type { ShopperConfig } from './config.ts'
import type { PolicySource, PolicyTools } from './policy-source.ts'
import { NO_POLICIES } from './state/policy-feed.ts'

/** The local mesh when POLICY_DIR is set, the cluster's API when CLUSTER_POLICIES=on, nothing otherwise. */
export async function openPolicies(config: ShopperConfig, { logger, registry }: PolicyTools): Promise<PolicySource> {
  if (config.policyDir !== undefined) {
    const { openLocalMesh } = await import('./local-mesh-feed.ts')
    return openLocalMesh({ ...config, policyDir: config.policyDir }, { logger, registry })
  }
  if (config.clusterPolicies) {
    const { openClusterFeed } = await import('./cluster-feed.ts')
    return openClusterFeed(config, logger)
  }
  return { view: () => NO_POLICIES, close: () => undefined, interceptors: [] }
}
