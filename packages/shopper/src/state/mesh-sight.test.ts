import { describe, expect, test } from 'vitest'
import { detectMesh } from './detect-mesh.ts'
import { createMeshSight } from './mesh-sight.ts'

describe('the proxy seen in the headers of an answer', () => {
  test.each([
    [{ server: 'envoy' }, 'envoy', 'server: envoy'],
    [{ 'x-envoy-upstream-service-time': '3' }, 'envoy', 'header x-envoy-upstream-service-time'],
    [{ server: 'istio-envoy' }, 'istio', 'server: istio-envoy'],
    [{ 'l5d-proxy-error': 'x' }, 'linkerd', 'header l5d-proxy-error'],
    [{ server: 'nginx' }, 'none', 'no proxy shows in the answers']
  ])('%j is %s', (headers, mesh, evidence) => {
    expect(detectMesh(headers)).toMatchObject({ mesh, evidence })
  })

  test('a proof of identity is told, its absence too', () => {
    const proven = { server: 'envoy', 'bookstore-client-identity': 'spiffe://c/ns/b/sa/b' }
    expect(detectMesh(proven)).toMatchObject({
      mesh: 'istio',
      identityProof: 'the store saw the certificate of spiffe://c/ns/b/sa/b'
    })
    expect(detectMesh({ server: 'envoy' }).identityProof).toMatch(/^none/)
  })
})

describe('whether a proxy stands in the way', () => {
  test('is unknown before the first answer and known after', () => {
    const sight = createMeshSight('unknown')
    expect(sight.proxy()).toBe('unknown')
    sight.record({})
    expect(sight.proxy()).toBe('absent')
    sight.record({ server: 'envoy' })
    expect(sight.proxy()).toBe('present')
    expect(sight.read()?.mesh).toBe('envoy')
  })

  test('is what the settings say, because a denied client sees no headers', () => {
    expect(createMeshSight('osm').proxy()).toBe('present')
    expect(createMeshSight('none').proxy()).toBe('absent')
    expect(createMeshSight('local').read()?.mesh).toBe('local mesh')
    expect(createMeshSight('local').proxy()).toBe('in-process')
  })
})
