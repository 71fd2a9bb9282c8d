import type {
  DestinationRule,
  HeaderMatch,
  ObjectRef,
  RequestMatch,
  SplitBackend,
  SplitPolicy,
  SplitRule
} from '../model.ts'
import { exactPattern, type Pattern, prefixPattern } from '../pattern.ts'
import {
  at,
  complain,
  expectFields,
  type Field,
  fullListOf,
  isRecord,
  isSet,
  listOf,
  optionalText,
  pairsOf,
  portOf,
  textOf,
  wordOf
} from './field.ts'
import { istioRetriesOf, trafficPolicyOf } from './istio-traffic-policy.ts'
import { expectNoTwins, expectSomeWeight, integerWeightOf, istioHostOf, patternOf, regexOf } from './shared.ts'
import { durationOf } from './traffic-fields.ts'

const sole = { weight: 100_000_000_000n, written: '100' }

/** networking.istio.io VirtualService, for calls inside the mesh: matches, weighted routes, timeouts and retries. */
export function readVirtualService(ref: ObjectRef, spec: Field): SplitPolicy {
  expectFields(spec, ['hosts', 'http', 'gateways'])
  for (const gateway of listOf(at(spec, 'gateways'))) wordOf(gateway, ['mesh'])
  return {
    ref,
    roots: fullListOf(at(spec, 'hosts')).map(host => istioHostOf(host, ref.namespace)),
    rules: fullListOf(at(spec, 'http')).map(rule => httpRuleOf(ref, rule))
  }
}

/** networking.istio.io DestinationRule: subsets and traffic policies. */
export function readDestinationRule(ref: ObjectRef, spec: Field): DestinationRule {
  expectFields(spec, ['host', 'subsets', 'trafficPolicy'])
  const list = at(spec, 'subsets')
  const subsets = listOf(list).map(subset => {
    expectFields(subset, ['name', 'labels', 'trafficPolicy'])
    return {
      name: textOf(at(subset, 'name')),
      labels: labelsOf(at(subset, 'labels')),
      traffic: trafficPolicyOf(at(subset, 'trafficPolicy'))
    }
  })
  expectNoTwins(
    list,
    subsets.map(subset => subset.name)
  )
  const traffic = trafficPolicyOf(at(spec, 'trafficPolicy'))
  return { ref, host: istioHostOf(at(spec, 'host'), ref.namespace), traffic, subsets }
}

/** A mapping of labels; empty where nothing was written. */
export function labelsOf(field: Field): Readonly<Record<string, string>> {
  if (!isSet(field)) return {}
  return Object.fromEntries(pairsOf(field).map(([key, value]) => [key, value]))
}

function httpRuleOf(ref: ObjectRef, rule: Field): SplitRule {
  // who may call from a browser is no business of clients in the mesh
  expectFields(rule, ['name', 'match', 'route', 'timeout', 'retries'], { harmless: ['corsPolicy'] })
  const list = at(rule, 'route')
  const routes = fullListOf(list)
  const backends = routes.map(route => routeOf(ref, route, routes.length === 1))
  expectSomeWeight(
    list,
    backends.map(backend => backend.weight)
  )
  const traffic = { timeoutMs: durationOf(at(rule, 'timeout')), retry: istioRetriesOf(at(rule, 'retries')) }
  return { matches: listOf(at(rule, 'match')).map(matchOf), backends, traffic }
}

function routeOf(ref: ObjectRef, route: Field, alone: boolean): SplitBackend {
  expectFields(route, ['destination', 'weight'])
  const destination = at(route, 'destination')
  expectFields(destination, ['host', 'subset', 'port'])
  const port = at(destination, 'port')
  if (isSet(port)) {
    expectFields(port, ['number'])
    portOf(at(port, 'number'))
  }
  const subset = optionalText(at(destination, 'subset'), '')
  const weight = at(route, 'weight')
  return {
    service: istioHostOf(at(destination, 'host'), ref.namespace),
    ...(subset !== '' && { subset }),
    ...(alone && !isSet(weight) ? sole : integerWeightOf(weight))
  }
}

function matchOf(match: Field): RequestMatch {
  expectFields(match, ['name', 'uri', 'method', 'headers', 'sourceNamespace', 'sourceLabels'])
  const uri = at(match, 'uri')
  const method = at(match, 'method')
  return {
    name: optionalText(at(match, 'name'), ''),
    ...(isSet(uri) && { path: stringMatchOf(uri) }),
    ...(isSet(method) && { methods: [exactOf(method)] }),
    headers: headersOf(at(match, 'headers')),
    ...callerOf(match)
  }
}

function callerOf(match: Field): Pick<RequestMatch, 'caller'> {
  const namespace = optionalText(at(match, 'sourceNamespace'), '')
  const labels = labelsOf(at(match, 'sourceLabels'))
  if (namespace === '' && Object.keys(labels).length === 0) return {}
  return { caller: { namespace: namespace === '' ? null : namespace, labels } }
}

function headersOf(field: Field): HeaderMatch[] {
  if (!isSet(field)) return []
  if (!isRecord(field.value)) complain(field, 'a mapping of header matches')
  const names = isRecord(field.value) ? Object.keys(field.value) : []
  return names.map(name => ({ name: name.toLowerCase(), pattern: stringMatchOf(at(field, name)) }))
}

function exactOf(field: Field): string {
  expectFields(field, ['exact'])
  return textOf(at(field, 'exact'))
}

function stringMatchOf(field: Field): Pattern {
  expectFields(field, ['exact', 'prefix', 'regex'])
  const kinds = ['exact', 'prefix', 'regex'].filter(kind => isSet(at(field, kind)))
  if (kinds.length !== 1) complain(field, 'just one of exact, prefix and regex')
  if (kinds[0] === 'regex') return regexOf(at(field, 'regex'))
  if (kinds[0] === 'prefix') return patternOf(at(field, 'prefix'), prefixPattern)
  return kinds[0] === undefined ? exactPattern('') : patternOf(at(field, 'exact'), exactPattern)
}
