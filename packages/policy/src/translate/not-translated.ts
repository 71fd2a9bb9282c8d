import { nameOf, type ObjectRef, type PolicySet } from '../model.ts'
import { NOTHING, type Refusal, type Translation } from './translation.ts'

// what Istio has for each kind that has to be written by a person for now
const TODO: Readonly<Record<string, string>> = {
  Retry: 'write `retries` into the http routes of a VirtualService for its destinationServices',
  UpstreamTrafficSetting:
    'write connectionSettings as `trafficPolicy.connectionPool` of a DestinationRule, and rateLimit as an EnvoyFilter (local rate limit)',
  Egress:
    'write a ServiceEntry with its hosts and ports, and an AuthorizationPolicy where only some accounts may use it',
  IngressBackend: 'write a Gateway with its routes, and an AuthorizationPolicy that allows the account of the gateway'
}

/** A refusal for each object of a kind that is read, and not translated yet: none is dropped without a word. */
export function refuseOthers(policies: PolicySet): Translation {
  const others: readonly { readonly ref: ObjectRef }[] = [
    ...policies.osmRetries,
    ...policies.upstreamTrafficSettings,
    ...policies.egressRules,
    ...policies.ingressBackends
  ]
  return { ...NOTHING, refusals: others.flatMap(({ ref }) => refusalOf(ref)) }
}

function refusalOf(ref: ObjectRef): Refusal[] {
  const todo = TODO[ref.kind]
  // objects of Istio in the set are left as they are
  return todo === undefined ? [] : [{ object: nameOf(ref), reason: `a ${ref.kind} is not translated`, todo }]
}
