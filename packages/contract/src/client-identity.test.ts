import { expect, test } from 'vitest'
import { provenClient } from './client-identity.ts'

const element = (uri: string) => `By=spiffe://cluster.local/ns/bookstore/sa/bookstore;Hash=abc;Subject="";URI=${uri}`

test("Istio's certificate names the client; the nearest of several hops counts", () => {
  const xfcc = `${element('spiffe://c/ns/gw/sa/gw')},${element('spiffe://c/ns/b/sa/bookbuyer')}`
  expect(provenClient({ 'x-forwarded-client-cert': xfcc })).toBe('spiffe://c/ns/b/sa/bookbuyer')
})

test('Linkerd names the client in a header of its own', () => {
  const id = 'bookbuyer.bookbuyer.serviceaccount.identity.linkerd.cluster.local'
  expect(provenClient({ 'l5d-client-id': id })).toBe(id)
})

test('without proof there is none, and a hostile value is bounded', () => {
  expect(provenClient({})).toBeUndefined()
  expect(provenClient({ 'x-forwarded-client-cert': 'Hash=abc' })).toBeUndefined()
  const hostile = `URI=${'x'.repeat(5000)}\u0007`
  expect(provenClient({ 'x-forwarded-client-cert': hostile })).toHaveLength(200)
})
