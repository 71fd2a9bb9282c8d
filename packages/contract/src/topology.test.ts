import { describe, expect, test } from 'vitest'
import { parseTopology } from './parse-topology.ts'
import { defaultTopology, findService, selectedBy, withAddresses } from './topology.ts'

describe('parseTopology', () => {
  test('reads back what was written', () => {
    const topology = withAddresses(defaultTopology(), { bookwarehouse: ['http://127.0.0.1:14001'] })
    expect(parseTopology(JSON.stringify(topology))).toEqual(topology)
  })

  test.each([
    ['{', 'expected JSON'],
    ['[]', 'topology: expected an object'],
    ['{}', 'workloads: expected a list, got nothing'],
    ['{"workloads":[1]}', 'workloads[0]: expected an object, got 1'],
    ['{"workloads":[{"name":"a"}]}', 'workloads[0].namespace: expected a text'],
    ['{"workloads":[{"name":"a","namespace":"b","serviceAccount":"c","labels":{"x":1}}]}', 'labels.x: expected a text'],
    [
      '{"workloads":[{"name":"a","namespace":"b","serviceAccount":"c","labels":{},"addresses":["ftp://x"]}]}',
      'addresses[0]: expected an origin'
    ],
    ['{"workloads":[],"services":[{"name":"a","namespace":"b"}]}', 'services[0].selector: expected an object']
  ])('refuses %s and says why', (text, message) => {
    expect(() => parseTopology(text)).toThrow(message)
  })
})

test('services select by labels within their namespace, as in Kubernetes', () => {
  const topology = defaultTopology()
  const names = (name: string) => {
    const service = findService(topology, { namespace: 'bookstore', name })
    return service === undefined ? [] : selectedBy(topology, service).map(workload => workload.name)
  }
  expect(names('bookstore')).toEqual(['bookstore-v1', 'bookstore-v2'])
  expect(names('bookstore-v2')).toEqual(['bookstore-v2'])
  expect(selectedBy(topology, { namespace: 'bookstore', name: 'x', selector: {} })).toEqual([])
  expect(selectedBy(topology, { namespace: 'bookbuyer', name: 'x', selector: { app: 'bookstore' } })).toEqual([])
})

test('withAddresses refuses a workload that is not there', () => {
  expect(() => withAddresses(defaultTopology(), { bookshop: [] })).toThrow(/expected a workload .*got bookshop/)
})
