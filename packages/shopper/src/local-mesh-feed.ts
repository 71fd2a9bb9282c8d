import {
  appliedLine,
  applyObjects,
  countDecisions,
  createLocalMesh,
  logChanges,
  type MeshState,
  mayWriteTo,
  objectsToApply,
  readMeshSettings
} from '@bookstore/local-mesh'
import { formatPolicyError } from '@bookstore/policy'
import type { ShopperConfig } from './config.ts'
import type { PolicySource, PolicyTools } from './policy-source.ts'
import { oncePer } from './state/once-per.ts'
import { createPolicyReader } from './state/view-of-policies.ts'

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
  const read = createPolicyReader()
  const viewOf = (state: MeshState) =>
    read({
      kind: 'local-mesh',
      role,
      store,
      egressUrls,
      requestTimeoutMs,
      mesh: { policies: state.policies, topology },
      lastChange: state.changedAt === '' ? null : { at: state.changedAt, text: state.lastChange },
      problems: state.error?.errors.map(formatPolicyError) ?? [],
      revision: state.revision
    })
  return {
    interceptors: [mesh.interceptor],
    // deriving a view costs a matrix of evaluations, so it is done once per change
    view: oncePer(mesh.state, ({ version, error, revision }) => [version, error, revision], viewOf),
    hand: config.isLessonOpen && mayWriteTo(policyDir) ? 'here' : 'bookstore',
    async apply(files) {
      const applied = applyObjects(policyDir, objectsToApply(policyDir, files))
      await mesh.refresh()
      return applied.map(appliedLine)
    },
    close: mesh.close
  }
}
