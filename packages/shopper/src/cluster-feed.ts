import { type ClusterState, watchClusterPolicies } from '@bookstore/cluster'
import type { Logger } from '@bookstore/common'
import { readMeshSettings } from '@bookstore/local-mesh'
import type { ShopperConfig } from './config.ts'
import type { PolicySource } from './policy-source.ts'
import { oncePer } from './state/once-per.ts'
import type { PolicyView } from './state/policy-feed.ts'
import { createPolicyReader } from './state/view-of-policies.ts'

/** The cluster's policies through the Kubernetes API: shown and judged by, applied by the mesh itself. */
export function openClusterFeed(config: ShopperConfig, logger: Logger): PolicySource {
  const { role, store, egressUrls, requestTimeoutMs } = config
  const { topology } = readMeshSettings(config, role)
  const closing = new AbortController()
  const cluster = watchClusterPolicies({
    namespaces: config.clusterNamespaces,
    meshConfigRefs: config.meshConfigNamespaces.map(namespace => ({ namespace })),
    onChange({ lastChange }) {
      if (lastChange !== null) logger.info({ change: lastChange.text }, "the cluster's policies changed")
    },
    onProblem: problem => logger.warn({ problem }, "the cluster's policies are not all known"),
    signal: closing.signal
  })
  const read = createPolicyReader()
  const viewOf = (state: ClusterState): PolicyView => {
    const { policies, lastChange, problems } = state
    const view = read({
      kind: 'cluster',
      role,
      store,
      egressUrls,
      requestTimeoutMs,
      mesh: { policies, topology },
      lastChange,
      problems,
      revision: null
    })
    // a policy that we may not read could allow or deny anything, so nothing is expected then
    return isKnown(state) ? view : { ...view, access: null, cells: null, status: { ...view.status, denial: null } }
  }
  return {
    interceptors: [],
    hand: 'kubectl',
    view: oncePer(cluster.state, state => [state], viewOf),
    async close() {
      closing.abort()
      await cluster.stopped
    }
  }
}

function isKnown({ isComplete, problems, syncedAt }: ClusterState): boolean {
  return isComplete && problems.length === 0 && syncedAt !== null
}
