import { sameService } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'
import type { Backend } from '../split/weighted-backends.ts'
import type { TrafficPolicy } from '../traffic.ts'

/**
 * One part of a DestinationRule for a backend: the subset's word, else the host's; null where neither says anything.
 * A subset replaces each part as a whole, as in Istio.
 */
export function partOfTrafficPolicy<Part extends keyof TrafficPolicy>(
  { policies }: Pick<Mesh, 'policies'>,
  backend: Pick<Backend, 'service' | 'subset'>,
  part: Part
): { readonly value: NonNullable<TrafficPolicy[Part]>; readonly source: string } | null {
  for (const { ref, host, traffic, subsets } of policies.destinationRules) {
    if (!sameService(host, backend.service)) continue
    const subset = subsets.find(({ name }) => name === backend.subset)
    const value = subset?.traffic?.[part] ?? traffic?.[part]
    if (value) return { value: value as NonNullable<TrafficPolicy[Part]>, source: nameOf(ref) }
  }
  return null
}
