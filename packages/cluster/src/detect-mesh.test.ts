import { expect, test } from 'vitest'
import { detectMesh, identityProofOf } from './detect-mesh.ts'

test.each([
  [{ server: 'istio-envoy' }, undefined, 'istio', 'server: istio-envoy'],
  [{ server: 'envoy' }, 'osm', 'osm', 'server: envoy'],
  [{ server: 'envoy' }, 'istio', 'istio', 'server: envoy'],
  [{ server: 'envoy' }, undefined, 'envoy', 'server: envoy'],
  [{ 'x-envoy-upstream-service-time': '3' }, 'osm', 'osm', 'x-envoy-upstream-service-time'],
  [{ 'l5d-proxy-error': 'denied' }, undefined, 'linkerd', 'l5d-proxy-error'],
  [{ server: 'nginx' }, 'osm', 'none', 'no header'],
  [{}, undefined, 'none', 'no header']
])('reads %j with %s configured as %s', (headers, expected, mesh, evidence) => {
  const seen = detectMesh(headers, expected === undefined ? {} : { expected })
  expect(seen.mesh).toBe(mesh)
  expect(seen.evidence).toContain(evidence)
})

test('says that OSM and the absence of a mesh give no proof of identity', () => {
  expect(detectMesh({ server: 'envoy' }, { expected: 'osm' }).identityProof).toMatch(/^none/)
  expect(detectMesh({}).identityProof).toMatch(/^none/)
})

test('finds the caller’s identity in what Istio and Linkerd tell a server, and null otherwise', () => {
  const by = 'By=spiffe://cluster.local/ns/bookstore/sa/bookstore;Hash=ab;Subject=""'
  const header = `${by};URI=spiffe://cluster.local/ns/bookbuyer/sa/bookbuyer`
  expect(identityProofOf({ 'x-forwarded-client-cert': header })).toBe(
    'x-forwarded-client-cert: spiffe://cluster.local/ns/bookbuyer/sa/bookbuyer'
  )
  expect(identityProofOf({ 'l5d-client-id': 'bookbuyer.bookbuyer.serviceaccount' })).toBe(
    'l5d-client-id: bookbuyer.bookbuyer.serviceaccount'
  )
  expect(identityProofOf({ 'x-forwarded-client-cert': by })).toBeNull()
  expect(identityProofOf({})).toBeNull()
})
