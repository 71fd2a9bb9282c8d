import type { PolicyKind } from '@bookstore/policy'
import type { FollowedObject, FollowStatus } from './follow-kind.ts'

/**
 * `TrafficSplit bookstore/bookstore-split was changed`; null when both lists hold the same versions of the same
 * objects.
 */
export function describeChange(before: readonly FollowedObject[], after: readonly FollowedObject[]): string | null {
  const old = new Map(before.map(object => [object.name, object]))
  const left = new Set(after.map(({ name }) => name))
  const changes = [
    ...after.flatMap(object => {
      const known = old.get(object.name)
      if (known === undefined) return [`${nameOf(object)} was added`]
      return known.resourceVersion === object.resourceVersion ? [] : [`${nameOf(object)} was changed`]
    }),
    ...before.filter(({ name }) => !left.has(name)).map(object => `${nameOf(object)} was removed`)
  ]
  return changes.length === 0 ? null : changes.join('; ')
}

/** What hinders following the policies, a line for each cause: kinds with the same trouble share one. */
export function describeProblems(
  followed: readonly {
    readonly kind: PolicyKind
    readonly namespace: string
    readonly status: FollowStatus
  }[]
): string[] {
  const places = new Map<string, Set<string>>()
  for (const { kind, namespace, status } of followed) {
    const trouble = troubleOf(status)
    if (trouble === null) continue
    const place = trouble.isSpecific ? `${kind.kind} in ${namespace}` : ''
    places.set(trouble.text, (places.get(trouble.text) ?? new Set()).add(place))
  }
  return [...places].map(([text, where]) => {
    const named = [...where].filter(Boolean)
    return named.length === 0 ? text : `${text}: ${named.join(', ')}`
  })
}

function troubleOf(status: FollowStatus): { readonly text: string; readonly isSpecific: boolean } | null {
  if (status.at === 'forbidden') {
    return { text: 'this account may not read some policies (list, watch)', isSpecific: true }
  }
  if (status.at === 'lost') {
    const text = `the Kubernetes API does not answer (${status.why}); what is shown is the last state that was read`
    return { text, isSpecific: false }
  }
  return null
}

function nameOf({ kind, namespace, name }: FollowedObject): string {
  return `${kind} ${namespace}/${name}`
}
