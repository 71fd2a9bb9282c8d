import { POLICY_KINDS, type PolicyKind } from '@bookstore/policy'

/** What is read in every namespace. */
export const NAMESPACED_KINDS: readonly PolicyKind[] = POLICY_KINDS.filter(({ kind }) => kind !== 'MeshConfig')

/** OSM's own settings, read by name in the namespaces where it may live. */
export const MESH_CONFIG_KINDS: readonly PolicyKind[] = POLICY_KINDS.filter(({ kind }) => kind === 'MeshConfig')
