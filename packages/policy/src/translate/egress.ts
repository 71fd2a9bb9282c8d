import { accountOf, sameAccount } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'
import type { EgressRule } from '../traffic.ts'
import { NOTHING, type Refusal, type TranslatedObject, type Translation, together } from './translation.ts'

/**
 * What MeshConfig and Egress say of traffic that leaves the mesh. Open is Istio's own default; closed becomes a Sidecar
 * for each namespace that lets out only what is registered, and each Egress a ServiceEntry in the namespaces of its
 * sources that only they see.
 * https://istio.io/latest/docs/reference/config/networking/sidecar/#OutboundTrafficPolicy
 */
export function translateEgress(mesh: Mesh, namespaces: readonly string[]): Translation {
  const { meshConfig, egressRules } = mesh.policies
  if (meshConfig === null) return NOTHING
  const rules = egressRules.filter(({ ref }) => ref.kind === 'Egress')
  if (meshConfig.egress === null) {
    const text = 'it does not say enableEgress: Istio lets traffic out of the mesh, OSM does not where nothing is said'
    return { ...NOTHING, notes: [{ object: nameOf(meshConfig.ref), text }] }
  }
  if (meshConfig.egress) {
    const text = 'enableEgress is on, so that OSM does not look at it: not translated'
    return { ...NOTHING, notes: rules.map(({ ref }) => ({ object: nameOf(ref), text })) }
  }
  const objects = namespaces.map(namespace => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'default', namespace },
    spec: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }
  }))
  return together([{ ...NOTHING, objects }, ...rules.map(rule => translateRule(rule, mesh))])
}

function translateRule(rule: EgressRule, mesh: Mesh): Translation {
  const refusals = [...unsayable(rule), ...foreigners(rule, mesh)]
  if (refusals.length > 0) return { ...NOTHING, refusals }
  const namespaces = [...new Set(rule.sources?.map(({ namespace }) => namespace))]
  return { ...NOTHING, objects: namespaces.flatMap(namespace => serviceEntries(rule, namespace)) }
}

function serviceEntries({ ref, hosts, ports, addresses }: EgressRule, namespace: string): TranslatedObject[] {
  const name = ref.namespace === namespace ? ref.name : `${ref.namespace}-${ref.name}`
  const entry = (suffix: string, spec: Readonly<Record<string, unknown>>) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: `${name}${suffix}`, namespace },
    spec: { ...spec, exportTo: ['.'], location: 'MESH_EXTERNAL' }
  })
  const named = ports.filter(({ protocol }) => protocol !== 'tcp')
  const tcp = ports.filter(({ protocol }) => protocol === 'tcp')
  // OSM resolves the host of an HTTP request itself too; a pattern and a range have nothing to resolve
  const isResolved = addresses.length === 0 && !hosts.some(host => host.startsWith('*.'))
  return [
    ...(named.length === 0
      ? []
      : [
          entry('', {
            hosts,
            ...(addresses.length > 0 && { addresses }),
            ports: portsOf(named),
            resolution: isResolved ? 'DNS' : 'NONE'
          })
        ]),
    // a host has to be named, and nobody asks for it
    ...(tcp.length === 0
      ? []
      : [entry('-tcp', { hosts: [`${name}.${namespace}.egress`], addresses, ports: portsOf(tcp), resolution: 'NONE' })])
  ]
}

function portsOf(ports: EgressRule['ports']): readonly unknown[] {
  const words = { http: 'HTTP', https: 'TLS', tcp: 'TCP' } as const
  return ports.map(({ number, protocol }) => ({
    number,
    name: `${words[protocol].toLowerCase()}-${number}`,
    protocol: words[protocol]
  }))
}

function unsayable({ ref, hosts, ports, addresses }: EgressRule): readonly Refusal[] {
  const object = nameOf(ref)
  const has = (wanted: string) => ports.some(({ protocol }) => protocol === wanted)
  const hasPattern = hosts.some(host => host.startsWith('*.'))
  return [
    ...((ref.unjudged ?? []).includes('spec.matches')
      ? [
          {
            object,
            reason: 'matches: a ServiceEntry opens a host as a whole',
            todo: 'leave matches out, or write a VirtualService for the host with the paths that are allowed'
          }
        ]
      : []),
    ...(has('http') && addresses.length > 0
      ? [
          {
            object,
            reason: 'ipAddresses beside http: Istio looks at the host of a request, and not at its address',
            todo: 'leave ipAddresses out, or give the addresses an Egress of their own with protocol tcp'
          }
        ]
      : []),
    ...(has('http') && hasPattern
      ? [
          {
            object,
            reason: 'hosts with * beside http: with nothing to resolve, a client would choose the address itself',
            todo: 'name each host'
          }
        ]
      : []),
    ...(has('tcp') && addresses.length === 0
      ? [
          {
            object,
            reason: 'tcp without ipAddresses opens a port to every address',
            todo: 'name the ranges that are meant in ipAddresses'
          }
        ]
      : []),
    ...((has('http') || has('https')) && hosts.length === 0
      ? [{ object, reason: 'http and https without hosts open nothing', todo: 'name the hosts' }]
      : [])
  ]
}

// a ServiceEntry is seen by whole namespaces, an Egress is about accounts
function foreigners({ ref, sources }: EgressRule, { topology }: Mesh): readonly Refusal[] {
  const object = nameOf(ref)
  const namespaces = [...new Set(sources?.map(({ namespace }) => namespace))]
  return namespaces.flatMap(namespace => {
    const own = topology.workloads.filter(workload => workload.namespace === namespace)
    if (own.length === 0) {
      const reason = `no workload of namespace ${namespace} is known, and a ServiceEntry is seen by all of them`
      return [{ object, reason, todo: 'add its Deployments to the files, or name them with --topology' }]
    }
    const others = own.filter(workload => !sources?.some(account => sameAccount(account, accountOf(workload))))
    if (others.length === 0) return []
    const names = others.map(({ name, serviceAccount }) => `${name} (account ${serviceAccount})`).join(', ')
    const reason = `Istio opens a host to whole namespaces, and ${names} of ${namespace} is no source`
    return [{ object, reason, todo: 'move it to another namespace, or let traffic out through an egress gateway' }]
  })
}
