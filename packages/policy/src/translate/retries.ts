import { type Account, type ServiceName, sameAccount, sameService } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import { nameOf, type PolicySet } from '../model.ts'
import { splitPolicyOf } from '../split/weighted-backends.ts'
import type { OsmRetry, RetrySettings } from '../traffic.ts'
import { nobodyRuns, unselectable, workloadsOf } from './selecting-labels.ts'
import {
  durationText,
  fullHost,
  NOTHING,
  type Refusal,
  type TranslatedObject,
  type TranslateOptions,
  type Translation,
  together
} from './translation.ts'

/** What stands in a rule of a VirtualService beside its routes. */
export interface RetryRule {
  readonly match: readonly Readonly<Record<string, unknown>>[]
  readonly retries: Readonly<Record<string, unknown>>
}

/**
 * Retries as VirtualServices: a rule for the pods of each source, above one for everybody else. A Service that a
 * TrafficSplit splits gets them in the VirtualService of the split. An HTTPRoute cannot say whose requests it means, so
 * that `gateway` refuses them.
 */
export function translateRetries(mesh: Mesh, options: TranslateOptions): Translation {
  const { meshConfig, osmRetries } = mesh.policies
  if (meshConfig?.retries !== true) {
    const text = 'enableRetryPolicy of the MeshConfig is off, so that OSM does not look at it: not translated'
    return { ...NOTHING, notes: osmRetries.map(({ ref }) => ({ object: nameOf(ref), text })) }
  }
  const refusals = osmRetries.flatMap(retry => refusalsOf(retry, mesh, options))
  const services = osmRetries.flatMap(({ destinations }) => destinations)
  const whole = services.filter(
    (service, at) =>
      services.findIndex(other => sameService(other, service)) === at &&
      splitPolicyOf(mesh.policies, service) === undefined
  )
  const objects = whole.flatMap(service => virtualService(service, retryRules(mesh, service, options)))
  return together([{ ...NOTHING, refusals, objects }])
}

/** The rules for requests to a service that are tried again; none where nothing is declared, or can be said. */
export function retryRules(mesh: Mesh, service: ServiceName, options: TranslateOptions): readonly RetryRule[] {
  if (mesh.policies.meshConfig?.retries !== true || options.to === 'gateway') return []
  return mesh.policies.osmRetries
    .filter(
      retry =>
        retry.destinations.some(destination => sameService(destination, service)) &&
        firstFor(mesh.policies, retry.source, service) === retry &&
        refusalsOf(retry, mesh, options).length === 0
    )
    .map(({ source, settings }) => ({ match: matchesOf(mesh, source), retries: retriesOf(settings) }))
}

function matchesOf({ topology }: Mesh, source: Account): RetryRule['match'] {
  return workloadsOf(topology, source).map(({ namespace, labels }) => ({
    sourceNamespace: namespace,
    sourceLabels: labels
  }))
}

function retriesOf({ retries, retryOn, perTryTimeoutMs, backoffMs }: RetrySettings): RetryRule['retries'] {
  // Istio refuses conditions beside no attempt
  if (retries === 0) return { attempts: 0 }
  return {
    attempts: retries,
    retryOn: retryOn.join(','),
    ...(perTryTimeoutMs !== null && { perTryTimeout: durationText(perTryTimeoutMs) }),
    ...(backoffMs !== null && { backoff: durationText(backoffMs) })
  }
}

function virtualService(service: ServiceName, rules: readonly RetryRule[]): TranslatedObject[] {
  if (rules.length === 0) return []
  const route = [{ destination: { host: fullHost(service) } }]
  const metadata = { name: `${service.name}-retries`, namespace: service.namespace }
  const http = [...rules.map(rule => ({ ...rule, route })), { route }]
  const spec = { hosts: [fullHost(service)], http }
  return [{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec }]
}

function firstFor({ osmRetries }: PolicySet, source: Account, service: ServiceName): OsmRetry | undefined {
  return osmRetries.find(
    retry => sameAccount(retry.source, source) && retry.destinations.some(other => sameService(other, service))
  )
}

function refusalsOf(retry: OsmRetry, mesh: Mesh, { to }: TranslateOptions): readonly Refusal[] {
  const object = nameOf(retry.ref)
  if (to === 'gateway') {
    const reason = 'an HTTPRoute retries for every client by status codes, and knows neither the source nor retryOn'
    return [{ object, reason, todo: 'translate it with --to istio, in which it becomes a VirtualService' }]
  }
  const workloads = workloadsOf(mesh.topology, retry.source)
  if (workloads.length === 0) return [nobodyRuns(object, retry.source)]
  const unclear = workloads.flatMap(workload => unselectable(workload, mesh.topology) ?? [])
  const tooShort = [retry.settings.perTryTimeoutMs, retry.settings.backoffMs].some(ms => ms !== null && ms < 1)
  const { retries, perTryTimeoutMs } = retry.settings
  const isDeadline = retries === 0 && perTryTimeoutMs !== null
  const shadows = retry.destinations.flatMap(service => {
    const first = firstFor(mesh.policies, retry.source, service)
    return first === undefined || first === retry ? [] : [{ service, first }]
  })
  return [
    ...unclear.map(({ reason, todo }) => ({ object, reason: `of its source's pods: ${reason}`, todo })),
    ...retry.destinations.flatMap(service => {
      const { ref } = splitPolicyOf(mesh.policies, service) ?? {}
      if (ref === undefined || ref.kind === 'TrafficSplit') return []
      const reason = `${nameOf(ref)} is about ${service.name} already, and Istio takes one`
      return [{ object, reason, todo: 'write `retries` into it' }]
    }),
    ...(tooShort ? [{ object, reason: 'Istio takes no time below 1ms', todo: 'write at least 1ms' }] : []),
    ...(isDeadline
      ? [
          {
            object,
            reason: 'numRetries 0 with perTryTimeout is a deadline alone, which Istio has as `timeout` of the route',
            todo: `write \`timeout: ${durationText(perTryTimeoutMs)}\` into a VirtualService`
          }
        ]
      : []),
    ...(shadows.length === retry.destinations.length
      ? shadows.map(({ service, first }) => ({
          object,
          reason: `${nameOf(first.ref)} retries requests to ${service.name} already, and the first one holds`,
          todo: 'delete one of them'
        }))
      : [])
  ]
}
