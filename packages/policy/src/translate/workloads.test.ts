import { expect, test } from 'vitest'
import { runningOf } from './workloads.ts'

test('workloads and Services are read from their manifests, and other kinds are passed over', () => {
  const template = { metadata: { labels: { app: 'web' } }, spec: { serviceAccountName: 'web' } }
  const { topology, ports } = runningOf([
    { kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { template } },
    { kind: 'Pod', metadata: { name: 'one', labels: { app: 'one' } }, spec: {} },
    {
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] }
    },
    { kind: 'Service', metadata: { name: 'many', namespace: 'shop' }, spec: { ports: [{ port: 80 }, { port: 81 }] } },
    { kind: 'ConfigMap', metadata: { name: 'web', namespace: 'shop' } }
  ])
  expect(topology.workloads).toEqual([
    { name: 'web', namespace: 'shop', serviceAccount: 'web', labels: { app: 'web' }, addresses: [] },
    { name: 'one', namespace: 'default', serviceAccount: 'default', labels: { app: 'one' }, addresses: [] }
  ])
  expect(topology.services.map(({ name, selector }) => [name, selector])).toEqual([
    ['web', { app: 'web' }],
    ['many', {}]
  ])
  // which of several ports is meant cannot be told
  expect([...ports]).toEqual([['shop/web', 80]])
})
