export {
  type ClusterPolicies,
  type ClusterState,
  type ClusterWatchOptions,
  watchClusterPolicies
} from './watch-cluster-policies.ts'
