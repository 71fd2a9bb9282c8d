import { type Account, accountOf, sameAccount, selectedBy } from '@bookstore/contract'
import { type IngressRequest, ingressAccess } from '../access/ingress.ts'
import type { Mesh } from '../mesh.ts'
import { declaredEgress, type EgressRequest } from '../promises/egress.ts'
import { settingOf } from '../promises/rate-limit.ts'
import { declaredRetries } from '../promises/retries.ts'
import { partOfTrafficPolicy } from '../promises/traffic-policy.ts'

/** Something beside access and splits on which two sets do not agree, with what each says. */
export interface OtherDisagreement {
  /** `bookbuyer/bookbuyer -> bookstore/bookstore retries`. */
  readonly about: string
  readonly before: string
  readonly after: string
}

/** How many questions were asked, and those that were answered otherwise. */
export interface ComparedPromises {
  readonly questions: number
  readonly disagreements: readonly OtherDisagreement[]
}

/**
 * Asks both sets about retries of each source at each Service, bounds of connections of each Service, and hosts outside
 * the mesh and callers from outside around everything that the rules of `before` name.
 */
export function comparePromises(before: Mesh, after: Mesh): ComparedPromises {
  const asked = [
    ...retryQuestions(before),
    ...connectionQuestions(before),
    ...egressQuestions(before),
    ...ingressQuestions(before)
  ]
  const disagreements = asked.flatMap(({ about, ask }) => {
    const [left, right] = [ask(before), ask(after)]
    return left === right ? [] : [{ about, before: left, after: right }]
  })
  return { questions: asked.length, disagreements }
}

interface Asked {
  readonly about: string
  readonly ask: (mesh: Mesh) => string
}

function retryQuestions({ topology, policies }: Mesh): readonly Asked[] {
  if (policies.osmRetries.length === 0) return []
  return sourcesOf({ topology }).flatMap(source =>
    topology.services.map(service => ({
      about: `${textOf(source)} -> ${service.namespace}/${service.name} retries`,
      ask: mesh => {
        const request = { source, service, method: 'GET', path: '/' }
        const { source: _, ...settings } = declaredRetries(mesh, request) ?? { source: '', retries: 0 }
        // without a retry the rest says nothing
        return JSON.stringify(settings.retries === 0 ? null : settings)
      }
    }))
  )
}

function connectionQuestions({ topology, policies }: Mesh): readonly Asked[] {
  const named = policies.upstreamTrafficSettings.map(({ host }) => host)
  return [...topology.services, ...named].map(service => ({
    about: `connections to ${service.namespace}/${service.name}`,
    ask: mesh =>
      JSON.stringify(
        partOfTrafficPolicy(mesh, { service }, 'connectionPool')?.value ??
          settingOf(mesh.policies, service)?.connectionPool ??
          null
      )
  }))
}

function egressQuestions({ topology, policies }: Mesh): readonly Asked[] {
  if ((policies.meshConfig?.egress ?? null) === null) return []
  const rules = policies.egressRules
  const hosts = [...rules.flatMap(rule => rule.hosts.map(host => host.replace('*.', 'any.'))), 'not-named.example']
  const ports = [...new Set([...rules.flatMap(rule => rule.ports.map(({ number }) => number)), 81])]
  const addresses = [...rules.flatMap(rule => rule.addresses.map(baseOf)), '203.0.113.77']
  const requests = hosts.flatMap(host => ports.flatMap(port => addresses.map(address => ({ host, port, address }))))
  return sourcesOf({ topology }).flatMap(source =>
    requests.map(request => ({
      about: `${textOf(source)} -> ${request.host}:${request.port} (${request.address})`,
      ask: mayLeave({ ...request, source })
    }))
  )
}

// how a refusal looks differs between the meshes, and where nothing is declared there is nothing to compare
function mayLeave(request: EgressRequest): Asked['ask'] {
  return mesh => ((declaredEgress(mesh, request)?.allowed ?? true) ? 'allowed' : 'denied')
}

function ingressQuestions({ topology, policies }: Mesh): readonly Asked[] {
  if (policies.ingressBackends.length === 0) return []
  const backends = policies.ingressBackends.flatMap(({ backends }) => backends)
  const ranges = policies.ingressBackends.flatMap(({ sources }) => sources.filter(({ kind }) => kind === 'IPRange'))
  const ports = [...new Set([...backends.map(({ port }) => port), 81])]
  const addresses = [...ranges.map(({ name }) => baseOf(name)), '203.0.113.77']
  const pods = topology.workloads.filter(pod =>
    topology.services.some(service => selectedBy(topology, service).includes(pod))
  )
  return pods.flatMap(destination =>
    ports.flatMap(port =>
      addresses.map(address => ({
        about: `${address} outside the mesh -> ${destination.namespace}/${destination.name}:${port}`,
        ask: mayEnter({ destination, port, address })
      }))
    )
  )
}

function mayEnter(request: IngressRequest): Asked['ask'] {
  return mesh => (ingressAccess(mesh, request) ? 'allowed' : 'denied')
}

function sourcesOf({ topology }: Pick<Mesh, 'topology'>): readonly Account[] {
  const accounts = topology.workloads.map(accountOf)
  return accounts.filter((account, at) => accounts.findIndex(other => sameAccount(other, account)) === at)
}

function baseOf(range: string): string {
  return range.replace(/\/.*/, '')
}

function textOf({ namespace, serviceAccount }: Account): string {
  return `${namespace}/${serviceAccount}`
}
