export { connectKubeApi, type KubeApi, KubeApiError, type KubeApiOptions } from './kube-api.ts'
export {
  type ClusterPolicies,
  type ClusterState,
  type ClusterWatchOptions,
  watchClusterPolicies
} from './watch-cluster-policies.ts'
