import { findService, selectedBy, type Workload } from '@bookstore/contract'
import { isOsmStrict } from '../access/osm.ts'
import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'
import type { IngressBackend } from '../traffic.ts'
import { authorizationPolicy } from './access.ts'
import { unselectable } from './selecting-labels.ts'
import {
  NOTHING,
  type Note,
  type Refusal,
  type TranslatedObject,
  type TranslateOptions,
  type Translation,
  together
} from './translation.ts'

type Backend = IngressBackend['backends'][number]

/**
 * IngressBackends: a port that takes plain HTTP from ranges of addresses becomes a PeerAuthentication that is PERMISSIVE
 * on this port, and an AuthorizationPolicy for these addresses. One that asks for certificates becomes an
 * AuthorizationPolicy for their accounts, which have to be in the mesh then. What is bound to the addresses of another
 * Service's pods is refused: they change, and Istio takes only what is written.
 */
export function translateIngress(mesh: Mesh, options: TranslateOptions): Translation {
  return together(
    mesh.policies.ingressBackends.flatMap(ingress =>
      ingress.backends.map(backend => opening(ingress, backend, mesh, options))
    )
  )
}

function opening(ingress: IngressBackend, backend: Backend, mesh: Mesh, options: TranslateOptions): Translation {
  const refusals = refusalsOf(ingress, backend, options)
  const service = findService(mesh.topology, { name: backend.name, namespace: ingress.ref.namespace })
  const pods = service === undefined ? [] : selectedBy(mesh.topology, service)
  const unclear = pods.flatMap(pod => unselectable(pod, mesh.topology) ?? [])
  if (refusals.length + unclear.length > 0) return { ...NOTHING, refusals: [...refusals, ...unclear] }
  if (pods.length === 0) return { ...NOTHING, refusals: [nothingBehind(ingress, backend)] }
  const isStrict = isOsmStrict(mesh.policies)
  const ofPods = pods.map(pod =>
    backend.protocol === 'http'
      ? openToAddresses(ingress, backend, pod, isStrict)
      : openToAccounts(ingress, backend, pod, isStrict, options)
  )
  return { objects: ofPods.flat(), refusals: [], notes: notesOf(ingress, backend, isStrict) }
}

function openToAddresses(
  { ref, sources }: IngressBackend,
  { port }: Backend,
  pod: Workload,
  isStrict: boolean
): TranslatedObject[] {
  const name = `${pod.name}-${ref.name}-${port}`
  const selector = { matchLabels: pod.labels }
  const ipBlocks = sources.flatMap(({ kind, name }) => (kind === 'IPRange' ? [name] : []))
  const outside = {
    from: [{ source: { ipBlocks, notPrincipals: ['*'] } }],
    to: [{ operation: { ports: [String(port)] } }]
  }
  // a policy denies whom it does not name: with permissive mode on, everybody in the mesh has to be named
  const everybody = { from: [{ source: { principals: ['*'] } }] }
  const rules = isStrict ? [outside] : [everybody, outside]
  return [
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name, namespace: pod.namespace },
      spec: { selector, portLevelMtls: { [port]: { mode: 'PERMISSIVE' } } }
    },
    authorizationPolicy(name, pod.namespace, { selector, action: 'ALLOW', rules })
  ]
}

function openToAccounts(
  { ref, sources }: IngressBackend,
  { port }: Backend,
  pod: Workload,
  isStrict: boolean,
  options: TranslateOptions
): TranslatedObject[] {
  // with permissive mode on, whoever has an identity may come already
  if (!isStrict) return []
  const principals = sources.flatMap(({ kind, name }) =>
    kind === 'AuthenticatedPrincipal' ? [principalOf(name, options) ?? []].flat() : []
  )
  const rules = [{ from: [{ source: { principals } }], to: [{ operation: { ports: [String(port)] } }] }]
  const spec = { selector: { matchLabels: pod.labels }, action: 'ALLOW', rules }
  return [authorizationPolicy(`${pod.name}-${ref.name}-${port}`, pod.namespace, spec)]
}

// OSM writes ACCOUNT.NAMESPACE.TRUST-DOMAIN where Istio writes TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT
function principalOf(name: string, { trustDomain }: TranslateOptions): string | null {
  const [account, namespace, ...domain] = name.split('.')
  if (!account || !namespace || domain.length === 0 || name.includes('*')) return null
  return `${trustDomain}/ns/${namespace}/sa/${account}`
}

function refusalsOf(
  { ref, sources }: IngressBackend,
  { name, protocol }: Backend,
  options: TranslateOptions
): readonly Refusal[] {
  const refuse = (reason: string, todo: string): Refusal => ({ object: nameOf(ref), reason, todo })
  const ofKind = (kind: string) => sources.filter(source => source.kind === kind)
  const services = ofKind('Service')
  const tls = (ref.unjudged ?? []).filter(field => field.endsWith('.tls'))
  return [
    ...services.map(source =>
      refuse(
        `${name} is open to the pods of Service ${source.namespace}/${source.name} by their addresses, which change`,
        `put ${source.namespace}/${source.name} into the mesh, or use Istio's gateway, and allow its account in an AuthorizationPolicy`
      )
    ),
    ...tls.map(field =>
      refuse(
        `${field}: Istio takes no certificate but those of the mesh`,
        'use a Gateway of Istio, with its credentialName'
      )
    ),
    ...(protocol === 'http' && ofKind('IPRange').length + services.length === 0
      ? [
          refuse(
            `${name} takes plain HTTP from everybody`,
            'write the ranges of addresses that may come, or use a Gateway of Istio'
          )
        ]
      : []),
    ...(protocol === 'https' && ofKind('IPRange').length > 0 && ofKind('AuthenticatedPrincipal').length > 0
      ? [
          refuse(
            `${name} asks for a certificate and for an address, and an identity of Istio has any address`,
            'take the ranges out, where the accounts alone will do'
          )
        ]
      : []),
    ...(protocol === 'https' && ofKind('AuthenticatedPrincipal').length === 0
      ? [
          refuse(
            `${name} asks for a certificate and names no AuthenticatedPrincipal: it opens nothing`,
            'name the accounts that may come'
          )
        ]
      : []),
    ...(protocol === 'https' ? ofKind('AuthenticatedPrincipal') : [])
      .filter(source => principalOf(source.name, options) === null)
      .map(source =>
        refuse(
          `principal ${source.name} is not of the form ACCOUNT.NAMESPACE.TRUST-DOMAIN`,
          'name the account that may come'
        )
      )
  ]
}

function nothingBehind({ ref }: IngressBackend, { name }: Backend): Refusal {
  return {
    object: nameOf(ref),
    reason: `no pod is known behind Service ${ref.namespace}/${name}, and Istio selects by labels`,
    todo: 'add the Service and its Deployment to the files, or name them with --topology'
  }
}

function notesOf({ ref }: IngressBackend, { name, protocol }: Backend, isStrict: boolean): readonly Note[] {
  const object = nameOf(ref)
  const ignored = (ref.unjudged ?? []).includes('spec.matches')
    ? [{ object, text: 'matches: OSM 1.2 does not look at them, and neither does the translation' }]
    : []
  if (protocol === 'http') return ignored
  const text = isStrict
    ? `${name} takes the accounts that are named only from inside Istio's mesh: put their pods into it`
    : `permissive mode is on: ${name} takes every account of Istio's mesh, and nobody from outside`
  return [...ignored, { object, text }]
}
