import { type Account, accountOf, hasLabels, sameAccount, type Topology, type Workload } from '@bookstore/contract'
import type { Refusal } from './translation.ts'

/**
 * Istio selects pods by labels, SMI and OSM by account: the labels have to mean the account. Gives why those of a
 * workload do not; null where they do.
 */
export function unselectable(
  { name, namespace, labels, serviceAccount }: Workload,
  { workloads }: Topology
): Refusal | null {
  const object = `workload ${namespace}/${name}`
  if (Object.keys(labels).length === 0) {
    return { object, reason: 'it has no labels by which a policy could select it', todo: 'give its pods a label' }
  }
  const others = workloads.filter(
    other => other.namespace === namespace && hasLabels(other.labels, labels) && other.serviceAccount !== serviceAccount
  )
  if (others.length === 0) return null
  return {
    object,
    reason: `its labels select ${others.map(other => other.name).join(', ')} too, which has another account`,
    todo: 'give its pods a label that the others do not have'
  }
}

/** The workloads that run as an account. */
export function workloadsOf({ workloads }: Topology, account: Account): readonly Workload[] {
  return workloads.filter(workload => sameAccount(accountOf(workload), account))
}

/** Why an object about an account cannot be translated of which nothing is known to run. */
export function nobodyRuns(object: string, { namespace, serviceAccount }: Account): Refusal {
  return {
    object,
    reason: `no workload with account ${namespace}/${serviceAccount} is known, and Istio selects by labels`,
    todo: 'add the Deployment (or StatefulSet, DaemonSet, Pod) to the files, or name it with --topology'
  }
}
