import { describe, expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff } from '../test-support/policy-files.ts'
import { objectKey, splitIntoObjects } from './objects.ts'
import { parsePolicies } from './parse/policies.ts'

describe('splitIntoObjects', () => {
  test('cuts a file into objects that mean the same together', () => {
    const { objects, errors } = splitIntoObjects(accessV1)
    expect(errors).toEqual([])
    expect(objects.map(({ key }) => key)).toEqual([
      'traffictarget.bookstore.bookstore',
      'httproutegroup.bookstore.bookstore-service-routes',
      'traffictarget.bookwarehouse.bookstore-access-bookwarehouse',
      'httproutegroup.bookwarehouse.bookwarehouse-service-routes',
      'traffictarget.bookwarehouse.mysql',
      'tcproute.bookwarehouse.mysql'
    ])
    const again = parsePolicies(objects.map(({ key, text }) => ({ name: `${key}.yaml`, text })))
    expect(again.errors).toEqual([])
    expect(again.policies.trafficTargets).toHaveLength(3)
  })

  test('takes a List apart', () => {
    const items = ['a', 'b'].map(name => ({ kind: 'TCPRoute', metadata: { name, namespace: 'n' } }))
    const text = JSON.stringify({ kind: 'List', items })
    expect(splitIntoObjects({ name: 'l.json', text }).objects.map(({ key }) => key)).toEqual([
      'tcproute.n.a',
      'tcproute.n.b'
    ])
  })

  test.each(['kind: X', 'kind: X\nmetadata: {name: ../../etc/passwd}', 'kind: "../x"\nmetadata: {name: a}', '- 1'])(
    'refuses %j: what has no proper name can be no file',
    text => {
      const { objects, errors } = splitIntoObjects({ name: 'f.yaml', text })
      expect(objects).toEqual([])
      expect(errors).toMatchObject([{ file: 'f.yaml', line: 1, field: 'metadata.name' }])
    }
  )

  test('all files of one switch or split share their keys, so that applying one replaces the other', () => {
    const keys = (name: string) => splitIntoObjects(deployed(name)).objects.map(({ key }) => key)
    expect(keys('permissive-on.yaml')).toEqual(keys('permissive-off.yaml'))
    expect(splitIntoObjects(permissiveOff).objects[0]?.key).toBe('meshconfig.kube-system.osm-mesh-config')
    expect(keys('access-all.yaml')).toEqual(keys('access-buyer.yaml'))
    expect(keys('istio/access-all.yaml')).toEqual(keys('istio/access-buyer.yaml'))
    for (const split of ['100-0', '90-10', '500m-500m', '0-100']) {
      expect(keys(`split-${split}.yaml`)).toEqual(keys('split-50-50.yaml'))
    }
  })
})

describe('objectKey', () => {
  test('is null for what is no object', () => {
    expect([null, 1, [], {}, { kind: 'A', metadata: {} }].map(objectKey)).toEqual([null, null, null, null, null])
  })

  test('puts an object without namespace into default, as kubectl does', () => {
    expect(objectKey({ kind: 'TCPRoute', metadata: { name: 'a' } })).toBe('tcproute.default.a')
  })
})
