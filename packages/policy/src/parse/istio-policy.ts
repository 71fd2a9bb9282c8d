import type { ObjectRef } from '../model.ts'
import type { EgressRule, LocalRateLimit, OutboundMode, RateLimit } from '../traffic.ts'
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
  portOf,
  textOf,
  textsOf,
  wordOf
} from './field.ts'
import { labelsOf } from './istio-traffic.ts'
import { rangesOf } from './shared.ts'
import { countOf, durationOf, refusalStatusOf } from './traffic-fields.ts'

const LOCAL_RATE_LIMIT = 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit'

/**
 * EnvoyFilter that puts a local rate limit before the inbound requests of workloads, as
 * https://istio.io/latest/docs/tasks/policy-enforcement/rate-limit/ has it. Any other patch is passed over by name.
 */
export function readEnvoyFilter(ref: ObjectRef, spec: Field): LocalRateLimit {
  expectFields(spec, ['workloadSelector', 'configPatches'], { harmless: ['priority', 'targetRefs'] })
  const selector = at(spec, 'workloadSelector')
  const labels = isSet(selector) ? labelsOf(at(selector, 'labels')) : {}
  const limits = fullListOf(at(spec, 'configPatches')).flatMap(patch => {
    const limit = inboundLimitOf(patch)
    if (limit === null) patch.context.passOver(patch.path)
    return limit === null ? [] : [limit]
  })
  if (limits.length > 1) complain(at(spec, 'configPatches'), 'one local rate limit')
  return { ref, selector: Object.keys(labels).length === 0 ? null : labels, rateLimit: limits[0] ?? null }
}

/** Sidecar: whether its namespace may reach what no ServiceEntry names. */
export function readSidecar(ref: ObjectRef, spec: Field): OutboundMode {
  expectFields(spec, ['outboundTrafficPolicy'], { harmless: ['egress', 'ingress', 'inboundConnectionPool'] })
  const policy = at(spec, 'outboundTrafficPolicy')
  if (!isSet(policy)) return { ref, registryOnly: false }
  expectFields(policy, ['mode'])
  return { ref, registryOnly: wordOf(at(policy, 'mode'), ['ALLOW_ANY', 'REGISTRY_ONLY']) === 'REGISTRY_ONLY' }
}

/** ServiceEntry: hosts outside the mesh that count as known. */
export function readServiceEntry(ref: ObjectRef, spec: Field): EgressRule {
  expectFields(spec, ['hosts', 'addresses', 'ports', 'location', 'exportTo'], {
    harmless: ['resolution', 'endpoints', 'subjectAltNames']
  })
  const exportTo = textsOf(at(spec, 'exportTo')).map(name => (name === '.' ? ref.namespace : name))
  const location = at(spec, 'location')
  if (isSet(location)) wordOf(location, ['MESH_EXTERNAL'])
  return {
    ref,
    sources: null,
    namespaces: exportTo.length === 0 || exportTo.includes('*') ? null : exportTo,
    hosts: textsOf(at(spec, 'hosts')).map(host => host.toLowerCase()),
    addresses: rangesOf(at(spec, 'addresses')),
    ports: listOf(at(spec, 'ports')).map(port => {
      expectFields(port, ['number', 'name', 'protocol'], { harmless: ['targetPort'] })
      textOf(at(port, 'name'))
      return { number: portOf(at(port, 'number')), protocol: protocolOf(optionalText(at(port, 'protocol'), 'HTTP')) }
    })
  }
}

function protocolOf(word: string): EgressRule['ports'][number]['protocol'] {
  const protocol = word.toUpperCase()
  if (protocol === 'TLS' || protocol === 'HTTPS') return 'https'
  return protocol.startsWith('HTTP') || protocol.startsWith('GRPC') ? 'http' : 'tcp'
}

function inboundLimitOf(patch: Field): RateLimit | null {
  const config = at(at(at(patch, 'patch'), 'value'), 'typed_config')
  const context = at(at(patch, 'match'), 'context').value
  if (at(patch, 'applyTo').value !== 'HTTP_FILTER' || context !== 'SIDECAR_INBOUND') return null
  const settings = settingsOf(config)
  return settings === null || !isSet(at(settings, 'token_bucket')) ? null : bucketOf(settings)
}

// Istio's task wraps the settings in a TypedStruct
function settingsOf(config: Field): Field | null {
  if (at(config, 'type_url').value === LOCAL_RATE_LIMIT) return at(config, 'value')
  return at(config, '@type').value === LOCAL_RATE_LIMIT ? config : null
}

function bucketOf(settings: Field): RateLimit {
  const bucket = at(settings, 'token_bucket')
  expectFields(bucket, ['max_tokens', 'tokens_per_fill', 'fill_interval'])
  const most = countOf(at(bucket, 'max_tokens'), 0)
  if (most === 0) complain(at(bucket, 'max_tokens'), 'a number of at least 1')
  const fillMs = durationOf(at(bucket, 'fill_interval')) ?? 0
  if (fillMs < 50) complain(at(bucket, 'fill_interval'), 'a duration of at least 50ms')
  expectFull(settings, 'filter_enabled')
  expectFull(settings, 'filter_enforced')
  return {
    most,
    // Envoy fills with one token where nothing is said
    perFill: countOf(at(bucket, 'tokens_per_fill'), 1),
    fillMs,
    status: refusalStatusOf(at(at(settings, 'status'), 'code'), 429),
    headers: addedHeadersOf(at(settings, 'response_headers_to_add'))
  }
}

// Envoy neither looks nor refuses without these, and a share of requests could not be told from a broken limit
function expectFull(settings: Field, name: string): void {
  const value = at(at(settings, name), 'default_value')
  const { numerator, denominator } = isRecord(value.value) ? value.value : {}
  if (numerator === 100 && (denominator === undefined || denominator === 'HUNDRED')) return
  complain(value, `{numerator: 100, denominator: HUNDRED} (${name} as a whole)`)
}

function addedHeadersOf(list: Field): RateLimit['headers'] {
  return Object.fromEntries(
    listOf(list).map(item => {
      const header = at(item, 'header')
      return [textOf(at(header, 'key')).toLowerCase(), textOf(at(header, 'value'))]
    })
  )
}
