import { hasLabels, type Workload } from '@bookstore/contract'
import { groupedBy, keyOf } from '../grouped-by.ts'
import type { ObjectRef } from '../model.ts'

/** An Istio policy that says by a selector which workloads it concerns. */
export interface Selecting {
  readonly ref: ObjectRef
  /** null: every workload of the namespace (or of the mesh, in the root namespace). */
  readonly selector: Readonly<Record<string, string>> | null
}

// Istio's own default, and the one of the AKS add-on.
const ROOT_NAMESPACES = ['istio-system', 'aks-istio-system']

/** Whether policies of this namespace hold in the whole mesh. */
export function isRootNamespace(namespace: string): boolean {
  return ROOT_NAMESPACES.includes(namespace)
}

/** Gives the policies that select a workload, in the order of the list. */
export function selectedBy<Policy extends Selecting>(): (list: readonly Policy[], workload: Workload) => Policy[] {
  const candidates = groupedBy<Policy>(policy => [keyOfSelector(policy)])
  const places = new WeakMap<readonly Policy[], ReadonlyMap<Policy, number>>()
  return (list, { namespace, labels }) => {
    const keys = [ANY, ...Object.entries(labels).map(keyOfLabel)]
    const found = [namespace, ...ROOT_NAMESPACES.filter(root => root !== namespace)].flatMap(where =>
      keys.flatMap(key => candidates(list, keyOf(where, key)))
    )
    const selecting = found.filter(({ selector }) => selector === null || hasLabels(labels, selector))
    if (selecting.length < 2) return selecting
    const placeOf = places.get(list) ?? new Map(list.map((policy, place) => [policy, place]))
    places.set(list, placeOf)
    return selecting.sort((left, right) => (placeOf.get(left) ?? 0) - (placeOf.get(right) ?? 0))
  }
}

const ANY = '*'

// a workload that is selected has every label of the selector, so one of them is enough to find the policy by
function keyOfSelector({ ref, selector }: Selecting): string {
  const [label] = Object.entries(selector ?? {})
  return keyOf(ref.namespace, label === undefined ? ANY : keyOfLabel(label))
}

function keyOfLabel([name, value]: readonly [string, string]): string {
  return `${name}=${value}`
}
