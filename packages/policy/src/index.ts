export { evaluateAccess } from './access/evaluate.ts'
export { mtlsMode } from './access/istio.ts'
export { isOsmStrict } from './access/osm.ts'
export type { Access, AccessRequest, MeshRequest } from './access/request.ts'
export { type ClientRequest, clientRequestsOf, purchase } from './client-requests.ts'
export { type Decision, decide, type ServiceRequest } from './decide.ts'
export { formatPolicyError, type PolicyError } from './errors.ts'
export { parseServiceHost } from './hosts.ts'
export {
  type Account,
  emptyPolicies,
  nameOf,
  type ObjectRef,
  type PolicySet,
  type ServiceName,
  type SplitPolicy
} from './model.ts'
export { objectKey, type PolicyObject, splitIntoObjects } from './objects.ts'
export type { PolicyFile } from './parse/documents.ts'
export { type ParsedPolicies, parsePolicies, parsePolicyObjects } from './parse/policies.ts'
export { type ServiceAccess, serviceAccess } from './service-access.ts'
export { type DeclaredSplit, declaredSplit } from './split/declared-split.ts'
export { type Backend, type Split, type SplitRequest, splitOf } from './split/split-of.ts'
export {
  accountOf,
  defaultTopology,
  findService,
  parseTopology,
  type Service,
  selectedBy,
  type Topology,
  type Workload,
  withAddresses
} from './topology.ts'
export { type AccessRow, accessMatrix } from './words/access-matrix.ts'
export { describePolicies, describeSplit } from './words/describe.ts'
export { type Explanation, explain, type Question } from './words/explain.ts'
export { policyWarnings } from './words/warnings.ts'
