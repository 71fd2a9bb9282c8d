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
import { expectNoTwins, expectSomeWeight, integerWeightOf, istioHostOf, patternOf, regexOf } from './shared.ts'

// they change how a request is carried out, not where it goes or whether it may
const HARMLESS_HTTP = ['timeout', 'retries', 'corsPolicy']
const HARMLESS_TRAFFIC = ['connectionPool', 'outlierDetection']

const sole = { weight: 100_000_000_000n, written: '100' }

/** networking.istio.io VirtualService, for calls inside the mesh: matches and weighted routes, nothing else. */
export function readVirtualService(ref: ObjectRef, spec: Field): SplitPolicy {
  expectFields(spec, ['hosts', 'http', 'gateways'])
  for (const gateway of listOf(at(spec, 'gateways'))) wordOf(gateway, ['mesh'])
  return {
    ref,
    roots: fullListOf(at(spec, 'hosts')).map(host => istioHostOf(host, ref.namespace)),
    rules: fullListOf(at(spec, 'http')).map(rule => httpRuleOf(ref, rule))
  }
}

/** networking.istio.io DestinationRule: the subsets. Traffic policies that change no decision may stand there. */
export function readDestinationRule(ref: ObjectRef, spec: Field): DestinationRule {
  expectFields(spec, ['host', 'subsets', 'trafficPolicy'])
  if (isSet(at(spec, 'trafficPolicy'))) expectHarmless(at(spec, 'trafficPolicy'))
  const list = at(spec, 'subsets')
  const subsets = listOf(list).map(subset => {
    expectFields(subset, ['name', 'labels', 'trafficPolicy'])
    if (isSet(at(subset, 'trafficPolicy'))) expectHarmless(at(subset, 'trafficPolicy'))
    return { name: textOf(at(subset, 'name')), labels: labelsOf(at(subset, 'labels')) }
  })
  expectNoTwins(
    list,
    subsets.map(subset => subset.name)
  )
  return { ref, host: istioHostOf(at(spec, 'host'), ref.namespace), subsets }
}

/** A mapping of labels; empty where nothing was written. */
export function labelsOf(field: Field): Readonly<Record<string, string>> {
  if (!isSet(field)) return {}
  return Object.fromEntries(pairsOf(field).map(([key, value]) => [key, value]))
}

function httpRuleOf(ref: ObjectRef, rule: Field): SplitRule {
  expectFields(rule, ['name', 'match', 'route'], { harmless: HARMLESS_HTTP })
  const list = at(rule, 'route')
  const routes = fullListOf(list)
  const backends = routes.map(route => routeOf(ref, route, routes.length === 1))
  expectSomeWeight(
    list,
    backends.map(backend => backend.weight)
  )
  return { matches: listOf(at(rule, 'match')).map(matchOf), backends }
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
  expectFields(match, ['name', 'uri', 'method', 'headers'])
  const uri = at(match, 'uri')
  const method = at(match, 'method')
  return {
    name: optionalText(at(match, 'name'), ''),
    ...(isSet(uri) && { path: stringMatchOf(uri) }),
    ...(isSet(method) && { methods: [exactOf(method)] }),
    headers: headersOf(at(match, 'headers'))
  }
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

function expectHarmless(policy: Field): void {
  expectFields(policy, ['tls', 'loadBalancer'], { harmless: HARMLESS_TRAFFIC })
  const tls = at(policy, 'tls')
  if (isSet(tls)) {
    expectFields(tls, ['mode'])
    wordOf(at(tls, 'mode'), ['ISTIO_MUTUAL'])
  }
  const balancer = at(policy, 'loadBalancer')
  if (!isSet(balancer)) return
  expectFields(balancer, ['simple'])
  wordOf(at(balancer, 'simple'), ['ROUND_ROBIN', 'RANDOM', 'LEAST_REQUEST', 'UNSPECIFIED'])
}
