import { sharesOf } from '@bookstore/contract'
import { evaluateAccess } from '../access/evaluate.ts'
import type { AccessRequest } from '../access/request.ts'
import type { Mesh } from '../mesh.ts'
import { splitPolicyOf } from '../split/weighted-backends.ts'

/** A request on which two sets of policies do not agree. */
export interface Disagreement {
  readonly request: AccessRequest
  readonly before: boolean
  readonly after: boolean
}

/** The requests that one set allows and the other denies; how a denial looks is not compared. */
export function disagreements(before: Mesh, after: Mesh, requests: readonly AccessRequest[]): readonly Disagreement[] {
  return requests.flatMap(request => {
    const [left, right] = [evaluateAccess(before, request).allowed, evaluateAccess(after, request).allowed]
    return left === right ? [] : [{ request, before: left, after: right }]
  })
}

/** The Services whose shares differ between two sets, by name; shares of leaf Services are compared. */
export function splitDisagreements(before: Mesh, after: Mesh): readonly string[] {
  const roots = before.policies.splits.flatMap(({ roots }) => roots)
  return roots
    .filter(root => sharesText(before, root) !== sharesText(after, root))
    .map(({ namespace, name }) => `${namespace}/${name}`)
}

function sharesText({ policies }: Mesh, root: Parameters<typeof splitPolicyOf>[1]): string {
  const backends = splitPolicyOf(policies, root)?.rules[0]?.backends ?? []
  const shares = backends.length === 0 ? [] : sharesOf(backends.map(({ weight }) => weight))
  return backends.map(({ service }, at) => `${service.namespace}/${service.name}=${shares[at]}`).join(' ')
}
