import type { Mesh } from '../mesh.ts'
import type { Backend } from '../split/weighted-backends.ts'
import type { OutlierDetection } from '../traffic.ts'
import { partOfTrafficPolicy } from './traffic-policy.ts'

/** When a pod of a backend that fails is left out. */
export interface DeclaredEjection extends OutlierDetection {
  readonly source: string
}

/** The outlier detection of a backend; null where nothing is declared. OSM has none. */
export function declaredEjection(
  mesh: Pick<Mesh, 'policies'>,
  backend: Pick<Backend, 'service' | 'subset'>
): DeclaredEjection | null {
  const part = partOfTrafficPolicy(mesh, backend, 'outlierDetection')
  return part && { ...part.value, source: part.source }
}
