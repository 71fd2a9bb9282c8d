import { parseTopology } from '@bookstore/contract'
import { accessMatrix, declaredSplit, formatPolicyError, parsePolicyObjects, policyWarnings } from '@bookstore/policy'
import { describe, expect, test } from 'vitest'
import { hasHelm, type KubeObject, pick, render } from './helm.ts'

const POLICY_GROUP = /^(split|access|specs)\.smi-spec\.io|^(networking|security)\.istio\.io/

/** OSM as it has to be for its policies to count; the chart leaves this object alone. */
const strictOsm = {
  apiVersion: 'config.openservicemesh.io/v1alpha2',
  kind: 'MeshConfig',
  metadata: { name: 'osm-mesh-config', namespace: 'osm-system' },
  spec: { traffic: { enablePermissiveTrafficPolicyMode: false, enableEgress: true } }
}

describe.skipIf(!(await hasHelm()))('what the policies of the chart mean', () => {
  describe.each(['osm', 'istio'])('on %s', mesh => {
    test.each([
      ['deny', 'perVersion', []],
      ['allow-buyer', 'perVersion', ['bookbuyer']],
      ['allow-buyer', 'shared', ['bookbuyer']],
      ['allow-all', 'perVersion', ['bookbuyer', 'bookthief']]
    ])('access %s with accounts %s lets %j buy, and both stores restock', async (access, accounts, buyers) => {
      const { policies, topology } = await meaning(mesh, `access=${access},accounts=${accounts}`)
      const rows = accessMatrix({ policies, topology })
      const allowed = rows
        .filter(({ verdict }) => verdict === 'allowed')
        .map(({ source, destination }) => `${source.name} -> ${destination.name}`)
      const purchases = buyers.flatMap(who => [`${who} -> bookstore-v1`, `${who} -> bookstore-v2`])
      const restocks = ['bookstore-v1 -> bookwarehouse', 'bookstore-v2 -> bookwarehouse']
      expect(allowed.sort()).toEqual([...purchases, ...restocks].sort())
      expect(rows.filter(({ verdict }) => verdict === 'partly')).toEqual([])
      expect(policyWarnings({ policies, topology })).toEqual([])
    })

    test('permissive makes no policy for the stores', async () => {
      const { objects } = await meaning(mesh, 'access=permissive')
      const shopping = objects.filter(
        ({ kind, metadata }) =>
          ['TrafficTarget', 'AuthorizationPolicy'].includes(kind) && metadata.namespace === 'bookstore'
      )
      expect(shopping).toEqual([])
    })

    test.each([
      [50, 50],
      [90, 10],
      [0, 3]
    ])('declares %i to %i', async (v1, v2) => {
      const { policies, topology } = await meaning(mesh, `split.v1=${v1},split.v2=${v2}`)
      expect(declaredSplit({ policies, topology })?.shares).toEqual({
        ...(v1 > 0 && { 'bookstore-v1': v1 / (v1 + v2) }),
        'bookstore-v2': v2 / (v1 + v2),
        ...(v1 === 0 && { 'bookstore-v1': 0 })
      })
    })
  })

  test('an HTTPRoute on the Service declares the same as a VirtualService', async () => {
    const settings = 'split.v1=3,split.v2=1'
    const twin = await meaning('istio', `${settings},istio.gatewayApi=true`)
    expect(twin.objects.map(({ kind }) => kind)).not.toContain('VirtualService')
    const { policies, topology } = await meaning('istio', settings)
    expect(declaredSplit({ policies: twin.policies, topology: twin.topology })?.shares).toEqual(
      declaredSplit({ policies, topology })?.shares
    )
  })
})

async function meaning(mesh: string, settings: string) {
  const objects = await render('--set', `mesh=${mesh},database.type=mariadb,${settings}`)
  const own = objects.filter(({ apiVersion }) => POLICY_GROUP.test(apiVersion) || apiVersion.startsWith('gateway.'))
  const { policies, errors } = parsePolicyObjects(mesh === 'osm' ? [...own, strictOsm] : own)
  expect(errors.map(formatPolicyError)).toEqual([])
  return { objects, policies, topology: parseTopology(topologyOf(objects)) }
}

/** What the buyer is told of who is who. */
function topologyOf(objects: readonly KubeObject[]): string {
  const { spec } = pick(objects, 'Deployment', 'bookbuyer')
  const { env } = spec.template.spec.containers[0]
  return env.find(({ name }: { readonly name: string }) => name === 'MESH_TOPOLOGY').value
}
