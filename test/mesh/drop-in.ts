import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { kubectl, run } from './command.ts'
import type { MeshUnderTest } from './meshes.ts'
import { openPage } from './page.ts'
import type { Report } from './report.ts'
import { untilAccess } from './shop.ts'

const APPS = ['bookwarehouse', 'bookstore', 'bookstore-v2', 'bookbuyer', 'bookthief']
const NAMESPACES = ['bookbuyer', 'bookthief', 'bookstore', 'bookwarehouse']

/** The public manifests' shapes with our image, in a permissive mesh: all of them run and the buyer buys. */
export async function dropIn({
  mesh,
  report,
  image
}: {
  readonly mesh: MeshUnderTest
  readonly report: Report
  readonly image: string
}): Promise<void> {
  const page = openPage('bookbuyer', 'bookbuyer')
  try {
    await report.step('the public manifests run with only the image changed', async () => {
      await mesh.setPermissive(true)
      for (const namespace of NAMESPACES) await mesh.enrol(namespace)
      for (const app of APPS) await apply(app, image)
      for (const app of APPS) {
        const namespace = app.startsWith('bookstore') ? 'bookstore' : app
        const status = ['rollout', 'status', `deployment/${app}`, '--timeout', '180s']
        await kubectl('-n', namespace, ...status)
      }
      return untilAccess(page, 'bought')
    })
    await report.step('both versions sell, and the warehouse counts', async () => {
      const { counts } = await page.snapshot()
      const warehouse = openPage('bookwarehouse', 'bookwarehouse')
      const { totalBooks } = (await warehouse.json('/raw')) as { readonly totalBooks: number }
      warehouse.close()
      assert.ok(totalBooks > 0, 'expected books in the warehouse')
      return `${JSON.stringify(counts.byVersion)}, ${totalBooks} restocked`
    })
  } finally {
    page.close()
    await kubectl('delete', 'namespace', ...NAMESPACES)
  }
}

async function apply(app: string, image: string): Promise<void> {
  const manifest = await readFile(new URL(`../drop-in/${app}.yaml`, import.meta.url), 'utf8')
  const input = manifest.replaceAll('image: IMAGE', `image: ${image}`)
  await run('kubectl', ['apply', '-f', '-'], { input })
}
