import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { holds } from './holds.ts'
import { parsePolicies, parsePolicyObjects } from './parse/policies.ts'

const read = (...names: readonly string[]) => {
  const files = names.map(name => {
    const url = new URL(`../../../deploy/policies/${name}.yaml`, import.meta.url)
    return { name: `${name}.yaml`, text: readFileSync(url, 'utf8') }
  })
  const { policies, errors } = parsePolicies(files)
  expect(errors).toEqual([])
  return policies
}

test.each([
  ['a split among others', ['permissive-on', 'access-buyer', 'split-90-10'], 'split-90-10', true],
  ['a split with other weights', ['split-50-50'], 'split-90-10', false],
  ['the mode', ['permissive-off'], 'permissive-on', false],
  ['the same objects with one source more', ['access-all'], 'access-buyer', false],
  ["Istio's objects", ['istio/deny-all', 'istio/access-buyer'], 'istio/deny-all', true],
  ['nothing', [], 'istio/split-50-50', false]
] as const)('%s', (_what, inForce, wanted, isHeld) => {
  expect(holds(read(...inForce), read(wanted))).toBe(isHeld)
})

test('a MeshConfig of a cluster holds more and lives elsewhere', () => {
  const { policies } = parsePolicyObjects([
    {
      apiVersion: 'config.openservicemesh.io/v1alpha1',
      kind: 'MeshConfig',
      metadata: { name: 'osm-mesh-config', namespace: 'kube-system' },
      spec: { traffic: { enablePermissiveTrafficPolicyMode: false }, featureFlags: { enableRetryPolicy: true } }
    }
  ])
  expect(holds(policies, read('permissive-off'))).toBe(true)
})
