import { readFileSync } from 'node:fs'
import { BOOKSTORE, defaultTopology, destinationOf, withAddresses } from '@bookstore/contract'
import { accessMatrix, parsePolicies } from '@bookstore/policy'
import { describe, expect, test } from 'vitest'
import { viewOfPolicies } from './view-of-policies.ts'

const topology = withAddresses(defaultTopology(), {
  'bookstore-v1': ['http://127.0.0.1:1'],
  'bookstore-v2': ['http://127.0.0.1:2']
})

function view(role: 'bookbuyer' | 'bookthief', ...names: string[]) {
  const files = names.map(name => ({
    name,
    text: readFileSync(new URL(`../../../../deploy/policies/${name}.yaml`, import.meta.url), 'utf8')
  }))
  const { policies, errors } = parsePolicies(files)
  expect(errors).toEqual([])
  return viewOfPolicies({
    kind: 'local-mesh',
    role,
    store: destinationOf(BOOKSTORE),
    egressUrls: [],
    requestTimeoutMs: 5_000,
    mesh: { policies, topology },
    lastChange: null,
    problems: [],
    revision: null
  })
}

describe('what the policies of the course mean for a shopper', () => {
  test('permissive: everybody buys and nothing is declared', () => {
    expect(view('bookthief', 'permissive-on')).toMatchObject({
      access: 'allowed',
      declared: null,
      status: { denial: null }
    })
  })

  test('permissive off: everybody is denied, with the reason', () => {
    const { access, status } = view('bookbuyer', 'permissive-off')
    expect(access).toBe('denied')
    expect(status.denial).toContain('no TrafficTarget has bookstore-v1')
    expect(status.denial).toContain('no TrafficTarget has bookstore-v2')
  })

  test('access for the buyer: the buyer buys, the thief does not', () => {
    const names = ['permissive-off', 'access-buyer']
    expect(view('bookbuyer', ...names)).toMatchObject({
      access: 'allowed',
      status: { denial: null }
    })
    const thief = view('bookthief', ...names)
    expect(thief.access).toBe('denied')
    expect(thief.status.denial).toContain('bookthief is not a source of TrafficTarget')
  })

  test('access for all: the thief buys too', () => {
    expect(view('bookthief', 'permissive-off', 'access-all').access).toBe('allowed')
  })

  test('a split declares its weights and names itself', () => {
    expect(view('bookbuyer', 'permissive-on', 'split-500m-500m').declared).toEqual({
      split: { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 },
      source: { kind: 'local-mesh', detail: expect.stringContaining('TrafficSplit bookstore/') }
    })
  })
})

test('a rule that names the host allows the shopper what the access matrix says', () => {
  const text = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: bookstore, namespace: bookstore}
spec:
  selector: {matchLabels: {app: bookstore}}
  rules:
  - to: [{operation: {hosts: ["bookstore.bookstore.svc.cluster.local:14001"]}}]
`
  const { policies, errors } = parsePolicies([{ name: 'hosts.yaml', text }])
  expect(errors).toEqual([])
  const mesh = { policies, topology }
  const rows = accessMatrix(mesh).filter(({ source }) => source.name === 'bookbuyer')
  expect(rows.map(({ verdict }) => verdict)).toEqual(['allowed', 'allowed'])
  const asked = {
    kind: 'local-mesh',
    role: 'bookbuyer',
    egressUrls: [],
    requestTimeoutMs: 5_000,
    mesh,
    lastChange: null,
    problems: [],
    revision: null
  } as const
  expect(viewOfPolicies({ ...asked, store: destinationOf(BOOKSTORE) }).access).toBe('allowed')
  const elsewhere = destinationOf(BOOKSTORE, 'http://127.0.0.1:14011')
  expect(viewOfPolicies({ ...asked, store: elsewhere }).access).toBe('denied')
})
