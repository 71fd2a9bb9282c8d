import { mkdir, writeFile } from 'node:fs/promises'
import { startApp, tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { startFakeWarehouse } from '../test/fake-warehouse.ts'

const main = 'apps/bookstore/src/main.ts'

/** The tutorial's policy for the warehouse: restocks by these accounts of the namespace bookstore. */
const warehouseAccess = (...accounts: string[]) => `
apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata: { name: bookstore-access-bookwarehouse, namespace: bookwarehouse }
spec:
  destination: { kind: ServiceAccount, name: bookwarehouse, namespace: bookwarehouse }
  rules: [{ kind: HTTPRouteGroup, name: bookwarehouse-service-routes, matches: [restock-books] }]
  sources: [${accounts.map(name => `{ kind: ServiceAccount, name: ${name}, namespace: bookstore }`)}]
---
apiVersion: specs.smi-spec.io/v1alpha4
kind: HTTPRouteGroup
metadata: { name: bookwarehouse-service-routes, namespace: bookwarehouse }
spec:
  matches: [{ name: restock-books, pathRegex: /restock-books, methods: [POST] }]
---
apiVersion: config.openservicemesh.io/v1alpha2
kind: MeshConfig
metadata: { name: osm-mesh-config, namespace: osm-system }
spec: { traffic: { enableEgress: false, enablePermissiveTrafficPolicyMode: false } }
`

const topologyWith = (warehouseUrl: string) =>
  JSON.stringify({
    workloads: [
      {
        name: 'bookstore-v2',
        namespace: 'bookstore',
        serviceAccount: 'bookstore-v2',
        labels: { app: 'bookstore', version: 'v2' },
        addresses: []
      },
      {
        name: 'bookwarehouse',
        namespace: 'bookwarehouse',
        serviceAccount: 'bookwarehouse',
        labels: { app: 'bookwarehouse' },
        addresses: [warehouseUrl]
      }
    ],
    services: [{ name: 'bookwarehouse', namespace: 'bookwarehouse', selector: { app: 'bookwarehouse' } }]
  })

test('the v2 store that the tutorial forgets shows its denial, loses nothing, and restocks once it is allowed', async () => {
  await using warehouse = await startFakeWarehouse()
  await using dir = await tempDir()
  const policyDir = dir.join('policies')
  const setAccess = (...accounts: string[]) => writeFile(`${policyDir}/warehouse.yaml`, warehouseAccess(...accounts))
  await mkdir(policyDir)
  await setAccess('bookstore')
  await using store = await startApp({
    main,
    env: {
      IDENTITY: 'bookstore-v2',
      POLICY_DIR: policyDir,
      MESH_TOPOLOGY: topologyWith(warehouse.url),
      MESH_ACCOUNT: 'bookstore/bookstore-v2'
    }
  })
  const ledger = async () => (await fetch(`${store.url}/api/ledger`)).json()
  for (let at = 0; at < 3; at++) {
    const sale = await fetch(`${store.url}/buy-a-book/new`)
    expect(sale.status).toBe(200)
    await sale.text()
  }
  await expect.poll(ledger).toMatchObject({ sold: 3, outbox: 3, dropped: 0, problem: expect.any(String) })
  expect(warehouse.total()).toBe(0)
  await setAccess('bookstore', 'bookstore-v2')
  await expect.poll(ledger).toMatchObject({ restocked: 3, outbox: 0 })
  expect(warehouse.total()).toBe(3)
  expect(warehouse.seen[0]?.headers.host).toBe('bookwarehouse.bookwarehouse')
})

test('with tracing on, a restock belongs to the trace of its sale and names it once', async () => {
  await using warehouse = await startFakeWarehouse()
  await using store = await startApp({
    main,
    env: {
      BOOKWAREHOUSE_URL: warehouse.url,
      // nobody listens there: spans are made, and their loss must not matter
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1'
    }
  })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const sale = await fetch(`${store.url}/buy-a-book/new`, {
    headers: {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      'x-request-id': 'request-1',
      'x-ot-span-context': 'span-1'
    }
  })
  await sale.text()
  await warehouse.hasSeen(1)
  const headers = warehouse.seen[0]?.headers
  expect(headers?.['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
  expect(headers?.['traceparent']).not.toContain('b7ad6b7169203331')
  expect(headers).toMatchObject({
    'x-b3-traceid': traceId,
    'x-request-id': 'request-1',
    'x-ot-span-context': 'span-1'
  })
})
