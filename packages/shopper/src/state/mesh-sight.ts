import type { MeshSeen } from '@bookstore/contract'
import type { ProxyPresence } from '../shopping/outcome.ts'
import { detectMesh } from './detect-mesh.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Which mesh answers pass through, from their headers. */
export interface MeshSight {
  record(headers: Headers): void
  read(): MeshSeen | null
  proxy(): ProxyPresence
}

const LOCAL_MESH: MeshSeen = {
  mesh: 'local mesh',
  evidence: 'POLICY_DIR is set: this program applies the policies itself, in its HTTP client',
  identityProof: 'none: the local mesh is for learning and encrypts nothing'
}

/** `told` is what the settings say; it wins over what headers show, because a client that is denied sees no headers. */
export function createMeshSight(told: 'unknown' | 'local' | 'osm' | 'istio' | 'linkerd' | 'none'): MeshSight {
  let seen: MeshSeen | null = null
  let isProxySeen: boolean | undefined
  const isTold = told !== 'unknown' && told !== 'none'
  return {
    record(headers) {
      const detected = detectMesh(headers)
      isProxySeen = detected.mesh !== 'none'
      // an answer without traces does not take back what an earlier one showed
      if (isProxySeen || seen === null) seen = detected
    },
    read: () => (told === 'local' ? LOCAL_MESH : seen),
    proxy() {
      if (told === 'local') return 'in-process'
      if (isTold) return 'present'
      if (told === 'none') return 'absent'
      if (isProxySeen === undefined) return 'unknown'
      return isProxySeen ? 'present' : 'absent'
    }
  }
}
