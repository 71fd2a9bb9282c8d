import assert from 'node:assert/strict'
import { waitFor } from '@bookstore/testing'
import { kubectl } from '../command.ts'
import type { MeshUnderTest } from '../meshes.ts'
import type { Page } from '../page.ts'
import type { Release } from '../release.ts'
import type { Report } from '../report.ts'
import { NAMESPACES, stayingPods, untilAccess } from '../shop.ts'
import {
  COLLECTOR,
  collectedSpans,
  MONITORING,
  query,
  removeMonitoring,
  startCollector,
  startPrometheus
} from './monitoring.ts'
import { proxiedPurchase, wholePurchase } from './tree.ts'

/** Spans and metrics leave the pods past the sidecars, and the proxies' own spans stand in the same traces. */
export async function telemetry({
  mesh,
  release,
  report,
  buyer,
  image,
  prometheusImage
}: {
  readonly mesh: MeshUnderTest
  readonly release: Release
  readonly report: Report
  readonly buyer: Page
  readonly image: string
  readonly prometheusImage: string
}): Promise<void> {
  await kubectl('create', 'namespace', MONITORING)
  try {
    await report.step('spans leave the pods: one purchase is one trace, from the buyer to the warehouse', async () => {
      await startCollector(image)
      await mesh.setPermissive(true)
      await release.upgrade({
        access: 'permissive',
        otlpEndpoint: `http://${COLLECTOR}:4318`,
        otlpProtocol: 'http/json',
        ...Object.fromEntries(
          NAMESPACES.map(app => [`${app}.env.OTEL_PROPAGATORS`, mesh.propagators.replaceAll(',', '\\,')])
        )
      })
      await untilAccess(buyer, 'bought')
      return (await until(wholePurchase, 'a purchase in one trace')).join(' > ')
    })
    await report.step("the proxies' own spans stand in the same trace", async () => {
      await mesh.traceTo(COLLECTOR)
      return (await until(proxiedPurchase, 'a purchase with spans of the proxies')).join(' > ')
    })
    const scrapes = 'Prometheus scrapes every pod from outside of the mesh'
    if (prometheusImage === '') return report.untried(scrapes, 'PROMETHEUS_IMAGE is not set')
    await report.step(scrapes, async () => {
      await startPrometheus(prometheusImage, mesh.name)
      const staying = await stayingPods('app.kubernetes.io/part-of=bookstore,app.kubernetes.io/instance=bookstore')
      const pods = staying.map(({ name }) => name).sort()
      await waitFor(async () => (await query('up == 1')).length === pods.length, { intervalMs: 1_000 })
      assert.deepEqual((await query('up')).map(({ labels }) => labels['pod']).sort(), pods)
      const shares = await waitFor(
        async () => {
          const found = await query('bookstore_split_share_ratio{app="bookbuyer"}')
          return found.length > 0 ? found : undefined
        },
        { intervalMs: 1_000 }
      )
      const told = shares.map(({ labels, value }) => `${labels['version']} ${(100 * value).toFixed(1)} %`)
      return `${pods.length} of ${pods.length} pods up; the buyer's split: ${told.join(', ')}`
    })
  } finally {
    await mesh.traceTo(null)
    await removeMonitoring()
  }
}

async function until<T>(find: (spans: Awaited<ReturnType<typeof collectedSpans>>) => T | undefined, what: string) {
  return waitFor(async () => find(await collectedSpans()), { intervalMs: 2_000, what })
}
