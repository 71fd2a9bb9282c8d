import { countDecisions, createLocalMesh, logChanges, type MeshState, readMeshSettings } from '@bookstore/local-mesh'
import { formatPolicyError } from '@bookstore/policy'
import type { ShopperConfig } from './config.ts'
import type { PolicySource, PolicyTools } from './policy-source.ts'
import { oncePer } from './state/once-per.ts'
import { viewOfPolicies } from './state/view-of-policies.ts'

/** The local mesh over POLICY_DIR: applies the policies to our requests and shows what they mean. */
export async function openLocalMesh(
  config: ShopperConfig & { readonly policyDir: string },
  { logger, registry }: PolicyTools
): Promise<PolicySource> {
  const { role, policyDir, store, egressUrls, requestTimeoutMs } = config
  const { topology, account } = readMeshSettings(config, role)
  const mesh = createLocalMesh({
    policyDir,
    topology,
    account,
    ...logChanges(logger),
    ...countDecisions(registry)
  })
  await mesh.ready
  const viewOf = (state: MeshState) =>
    viewOfPolicies({
      kind: 'local-mesh',
      role,
      store,
      egressUrls,
      requestTimeoutMs,
      mesh: { policies: state.policies, topology },
      lastChange: state.changedAt === '' ? null : { at: state.changedAt, text: state.lastChange },
      problems: state.error?.errors.map(formatPolicyError) ?? []
    })
  return {
    interceptors: [mesh.interceptor],
    // deriving a view costs a matrix of evaluations, so it is done once per change
    view: oncePer(mesh.state, ({ version, error }) => [version, error], viewOf),
    close: mesh.close
  }
}
