import { defaultTopology } from '@bookstore/contract'
import { expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, policiesOf, split5050, splitFile } from '../test-support/policy-files.ts'
import { emptyPolicies, type PolicySet } from './model.ts'
import { serviceAccess } from './service-access.ts'

function buyer(policies: PolicySet, serviceAccount = 'bookbuyer') {
  return serviceAccess(
    { policies, topology: defaultTopology() },
    {
      source: { namespace: serviceAccount, serviceAccount },
      service: { namespace: 'bookstore', name: 'bookstore' },
      method: 'GET',
      path: '/buy-a-book/new',
      headers: { 'user-agent': 'Go-http-client/1.1' }
    }
  )
}

test('walks through the course: open, shut, open to the buyer only, and partly with the split of the tutorial', () => {
  expect(buyer(emptyPolicies)).toEqual({ access: 'allowed', why: '' })
  expect(buyer(policiesOf(permissiveOff))).toMatchObject({
    access: 'denied',
    why: expect.stringContaining('no TrafficTarget has bookstore-v1')
  })
  const access = policiesOf(permissiveOff, accessV1)
  expect(buyer(access)).toEqual({ access: 'allowed', why: '' })
  expect(buyer(access, 'bookthief')).toMatchObject({ access: 'denied' })
  expect(buyer(policiesOf(permissiveOff, accessV1, split5050))).toEqual({
    access: 'partly',
    why: 'no TrafficTarget lets the caller reach account bookstore-v2'
  })
})

test('does not look at backends that get nothing', () => {
  expect(buyer(policiesOf(permissiveOff, accessV1, splitFile(1, 0)))).toEqual({
    access: 'allowed',
    why: ''
  })
  expect(buyer(policiesOf(permissiveOff, accessV1, splitFile(0, 1)))).toMatchObject({
    access: 'denied'
  })
})

test('knows what Istio denies, and no service that is not there', () => {
  expect(buyer(policiesOf(deployed('istio/deny-all.yaml')))).toMatchObject({
    access: 'denied',
    why: 'AuthorizationPolicy deny-all allows nothing: it has no rules'
  })
  const request = {
    source: { namespace: 'a', serviceAccount: 'a' },
    service: { namespace: 'a', name: 'a' },
    method: 'GET',
    path: '/'
  }
  expect(serviceAccess({ policies: emptyPolicies, topology: defaultTopology() }, request)).toBeNull()
})
