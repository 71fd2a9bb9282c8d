import type { ServiceName } from '@bookstore/contract'
import type { HeaderMatch, ObjectRef, RequestMatch, SplitBackend, SplitPolicy, SplitRule } from '../model.ts'
import { exactPattern, type Pattern, pathPrefixPattern } from '../pattern.ts'
import type { RuleTraffic } from '../traffic.ts'
import {
  at,
  complain,
  expectFields,
  type Field,
  fullListOf,
  isSet,
  listOf,
  optionalText,
  portOf,
  textOf,
  wordOf
} from './field.ts'
import { expectSomeWeight, integerWeightOf, patternOf, regexOf } from './shared.ts'
import { countOf, durationOf, refusalStatusOf, retrySettings } from './traffic-fields.ts'

const one = { weight: 1_000_000_000n, written: '1' }

/**
 * gateway.networking.k8s.io HTTPRoute attached to Services (GAMMA): matches and weighted backends.
 * https://gateway-api.sigs.k8s.io/mesh/service-facets/
 */
export function readHttpRoute(ref: ObjectRef, spec: Field): SplitPolicy {
  expectFields(spec, ['parentRefs', 'rules'])
  return {
    ref,
    roots: fullListOf(at(spec, 'parentRefs')).map(parent => parentOf(ref, parent)),
    rules: fullListOf(at(spec, 'rules')).map(rule => ruleOf(ref, rule))
  }
}

function parentOf(ref: ObjectRef, parent: Field): ServiceName {
  expectFields(parent, ['group', 'kind', 'name', 'namespace', 'port'])
  wordOf(at(parent, 'kind'), ['Service'])
  return serviceOf(ref, parent)
}

function ruleOf(ref: ObjectRef, rule: Field): SplitRule {
  expectFields(rule, ['name', 'matches', 'backendRefs', 'timeouts', 'retry'])
  const list = at(rule, 'backendRefs')
  const backends = fullListOf(list).map(backend => backendOf(ref, backend))
  expectSomeWeight(
    list,
    backends.map(backend => backend.weight)
  )
  return { matches: listOf(at(rule, 'matches')).map(matchOf), backends, traffic: trafficOf(rule) }
}

// https://gateway-api.sigs.k8s.io/geps/gep-1742/ and gep-1731: a try may take backendRequest, all of them request
function trafficOf(rule: Field): RuleTraffic {
  const [timeouts, retry] = [at(rule, 'timeouts'), at(rule, 'retry')]
  if (isSet(timeouts)) expectFields(timeouts, ['request', 'backendRequest'])
  const perTryTimeoutMs = durationOf(at(timeouts, 'backendRequest'))
  const timeoutMs = durationOf(at(timeouts, 'request'))
  if (!isSet(retry)) return { timeoutMs: timeoutMs ?? perTryTimeoutMs, retry: null }
  expectFields(retry, ['codes', 'attempts', 'backoff'])
  const codes = listOf(at(retry, 'codes')).map(code => String(refusalStatusOf(code, 503)))
  const settings = {
    retries: countOf(at(retry, 'attempts'), 1),
    retryOn: [...codes, 'reset', 'connect-failure'],
    perTryTimeoutMs,
    backoffMs: durationOf(at(retry, 'backoff'))
  }
  return { timeoutMs, retry: retrySettings(settings) }
}

function backendOf(ref: ObjectRef, backend: Field): SplitBackend {
  expectFields(backend, ['group', 'kind', 'name', 'namespace', 'port', 'weight'])
  if (isSet(at(backend, 'kind'))) wordOf(at(backend, 'kind'), ['Service'])
  const weight = at(backend, 'weight')
  return { service: serviceOf(ref, backend), ...(isSet(weight) ? integerWeightOf(weight) : one) }
}

function serviceOf(ref: ObjectRef, field: Field): ServiceName {
  const group = at(field, 'group')
  if (isSet(group) && group.value !== '' && group.value !== 'core') complain(group, "the group '' of a Service")
  if (isSet(at(field, 'port'))) portOf(at(field, 'port'))
  const namespace = optionalText(at(field, 'namespace'), ref.namespace)
  return { name: textOf(at(field, 'name')), namespace }
}

function matchOf(match: Field): RequestMatch {
  expectFields(match, ['path', 'method', 'headers'])
  const path = at(match, 'path')
  const method = at(match, 'method')
  return {
    name: '',
    ...(isSet(path) && { path: pathOf(path) }),
    ...(isSet(method) && { methods: [textOf(method)] }),
    headers: listOf(at(match, 'headers')).map(headerOf)
  }
}

function pathOf(path: Field): Pattern {
  expectFields(path, ['type', 'value'])
  const type = at(path, 'type')
  const value = isSet(at(path, 'value')) ? at(path, 'value') : { ...at(path, 'value'), value: '/' }
  const kind = isSet(type) ? wordOf(type, ['PathPrefix', 'Exact', 'RegularExpression']) : 'PathPrefix'
  if (kind === 'RegularExpression') return regexOf(value)
  return patternOf(value, kind === 'Exact' ? exactPattern : pathPrefixPattern)
}

function headerOf(header: Field): HeaderMatch {
  expectFields(header, ['type', 'name', 'value'])
  const type = at(header, 'type')
  const kind = isSet(type) ? wordOf(type, ['Exact', 'RegularExpression']) : 'Exact'
  const value = at(header, 'value')
  return {
    name: textOf(at(header, 'name')).toLowerCase(),
    pattern: kind === 'Exact' ? patternOf(value, exactPattern) : regexOf(value)
  }
}
