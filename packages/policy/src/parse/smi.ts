import { parseServiceHost, type ServiceName, sameService } from '@bookstore/contract'
import type {
  HeaderMatch,
  HttpRouteGroup,
  ObjectRef,
  RequestMatch,
  SplitPolicy,
  TcpRoute,
  TrafficTarget,
  TrafficTargetRule
} from '../model.ts'
import {
  at,
  complain,
  expectFields,
  type Field,
  fullListOf,
  isSet,
  listOf,
  pairsOf,
  portOf,
  textOf,
  textsOf,
  wordOf
} from './field.ts'
import { accountOf, expectNoTwins, expectSomeWeight, regexOf, weightOf } from './shared.ts'

const methods = ['GET', '*', 'HEAD', 'PUT', 'POST', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'] as const

/** split.smi-spec.io TrafficSplit: one rule for every request, whole services as backends. */
export function readTrafficSplit(ref: ObjectRef, spec: Field): SplitPolicy {
  expectFields(spec, ['service', 'backends'])
  const list = at(spec, 'backends')
  const backends = fullListOf(list).map(backend => {
    expectFields(backend, ['service', 'weight'])
    const name = textOf(at(backend, 'service'))
    return { service: { name, namespace: ref.namespace }, ...weightOf(at(backend, 'weight')) }
  })
  expectSomeWeight(
    list,
    backends.map(backend => backend.weight)
  )
  expectNoTwins(
    list,
    backends.map(backend => backend.service.name)
  )
  return { ref, roots: [rootOf(ref, at(spec, 'service'))], rules: [{ matches: [], backends, traffic: null }] }
}

/** access.smi-spec.io TrafficTarget. OSM ignores one in another namespace than its destination: refused. */
export function readTrafficTarget(ref: ObjectRef, spec: Field): TrafficTarget {
  expectFields(spec, ['destination', 'sources', 'rules'])
  const destination = accountOf(at(spec, 'destination'))
  if (destination.namespace !== '' && destination.namespace !== ref.namespace) {
    complain(at(at(spec, 'destination'), 'namespace'), `the TrafficTarget's own namespace ${ref.namespace}`)
  }
  return {
    ref,
    destination,
    sources: fullListOf(at(spec, 'sources')).map(accountOf),
    rules: fullListOf(at(spec, 'rules')).map(targetRuleOf)
  }
}

/** specs.smi-spec.io HTTPRouteGroup. */
export function readHttpRouteGroup(ref: ObjectRef, spec: Field): HttpRouteGroup {
  expectFields(spec, ['matches'])
  const list = at(spec, 'matches')
  const matches = fullListOf(list).map(routeOf)
  expectNoTwins(
    list,
    matches.map(match => match.name)
  )
  return { ref, matches }
}

/** specs.smi-spec.io TCPRoute. */
export function readTcpRoute(ref: ObjectRef, spec: Field): TcpRoute {
  expectFields(spec, ['matches'])
  const matches = at(spec, 'matches')
  expectFields(matches, ['ports', 'name'])
  return { ref, ports: fullListOf(at(matches, 'ports')).map(portOf) }
}

function rootOf(ref: ObjectRef, field: Field): ServiceName {
  const host = textOf(field)
  const own = { name: host, namespace: ref.namespace }
  const service = host === '' ? own : parseServiceHost(host, ref.namespace)
  if (service === null || !sameService(service, { ...own, name: service.name })) {
    complain(field, `a service of the namespace ${ref.namespace} (bookstore or bookstore.${ref.namespace})`)
  }
  return service ?? own
}

function targetRuleOf(rule: Field): TrafficTargetRule {
  expectFields(rule, ['kind', 'name', 'matches'])
  return {
    kind: wordOf(at(rule, 'kind'), ['HTTPRouteGroup', 'TCPRoute']),
    name: textOf(at(rule, 'name')),
    matches: textsOf(at(rule, 'matches'))
  }
}

function routeOf(match: Field): RequestMatch {
  expectFields(match, ['name', 'pathRegex', 'methods', 'headers'])
  const path = at(match, 'pathRegex')
  const written = listOf(at(match, 'methods')).map(method => wordOf(method, methods))
  return {
    name: textOf(at(match, 'name')),
    ...(isSet(path) && path.value !== '' && { path: regexOf(path) }),
    ...(written.length > 0 && { methods: written }),
    headers: headersOf(at(match, 'headers'))
  }
}

// The custom resource wants a list of mappings; SMI's text shows one mapping too. Both are an "and".
function headersOf(field: Field): HeaderMatch[] {
  const maps = Array.isArray(field.value) || !isSet(field) ? listOf(field) : [field]
  return maps.flatMap(map =>
    pairsOf(map).map(([name, , value]) => ({ name: name.toLowerCase(), pattern: regexOf(value) }))
  )
}
