import { expect, test } from 'vitest'
import { createDeclaredWeights, type Declaration } from './declared.ts'

const half = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }
const most = { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 }
const fromMesh = (split: Declaration['split']): Declaration => ({
  split,
  source: { kind: 'local-mesh', detail: 'TrafficSplit bookstore/bookstore-split' }
})

test('without any word nothing is declared', () => {
  expect(createDeclaredWeights(undefined).current()).toMatchObject({
    split: null,
    source: { kind: 'none' }
  })
})

test('policies win over the environment, and give it back when they fall silent', () => {
  const declared = createDeclaredWeights(half)
  expect(declared.current()).toMatchObject({ split: half, source: { kind: 'env' } })
  declared.fromPolicies(fromMesh(most))
  expect(declared.current()).toMatchObject({ split: most, source: { kind: 'local-mesh' } })
  declared.fromPolicies(null)
  expect(declared.current().source.kind).toBe('env')
})

test('the page holds until the policies change', () => {
  const declared = createDeclaredWeights(undefined)
  declared.fromPolicies(fromMesh(half))
  declared.fromPage(most, 'PUT /api/declared')
  declared.fromPolicies(fromMesh({ ...half }))
  expect(declared.current()).toMatchObject({ split: most, source: { kind: 'page' } })
  declared.fromPolicies(fromMesh({ 'bookstore-v1': 1 }))
  expect(declared.current()).toMatchObject({ split: { 'bookstore-v1': 1 } })
})

test('the page can take back what it said', () => {
  const declared = createDeclaredWeights(half)
  declared.fromPage(most, 'form')
  declared.fromPage(null, 'form')
  expect(declared.current().source.kind).toBe('env')
})
