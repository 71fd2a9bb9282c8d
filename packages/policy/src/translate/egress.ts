import type { PolicySet } from '../model.ts'
import { nameOf } from '../model.ts'
import { NOTHING, type Translation } from './translation.ts'

/**
 * What MeshConfig says of traffic that leaves the mesh. Open is Istio's own default; closed becomes a Sidecar for each
 * namespace that lets out only what is registered.
 * https://istio.io/latest/docs/reference/config/networking/sidecar/#OutboundTrafficPolicy
 */
export function translateEgress({ meshConfig }: PolicySet, namespaces: readonly string[]): Translation {
  if (meshConfig === null) return NOTHING
  if (meshConfig.egress === null) {
    const text = 'it does not say enableEgress: Istio lets traffic out of the mesh, OSM does not where nothing is said'
    return { ...NOTHING, notes: [{ object: nameOf(meshConfig.ref), text }] }
  }
  if (meshConfig.egress) return NOTHING
  const objects = namespaces.map(namespace => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'default', namespace },
    spec: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }
  }))
  return { ...NOTHING, objects }
}
