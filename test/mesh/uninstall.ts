import assert from 'node:assert/strict'
import { waitFor } from '@bookstore/testing'
import { kubectl } from './command.ts'
import type { Release } from './release.ts'
import type { Report } from './report.ts'
import { NAMESPACES } from './shop.ts'

/** Uninstalls and holds that nothing of the release is left, namespaces included. */
export async function uninstall({
  release,
  report
}: {
  readonly release: Release
  readonly report: Report
}): Promise<void> {
  await report.step('uninstall leaves nothing', async () => {
    await release.uninstall()
    await waitFor(async () => (await leftNamespaces()).length === 0, {
      timeoutMs: 180_000,
      intervalMs: 1000,
      what: 'the namespaces to be gone'
    })
    const clusterWide = ['clusterroles', 'clusterrolebindings', 'persistentvolumes']
    const left = await Promise.all(
      clusterWide.map(kind => kubectl('get', kind, '-l', 'app.kubernetes.io/part-of=bookstore', '-o', 'name'))
    )
    assert.equal(left.join('').trim(), '')
    return `${NAMESPACES.join(', ')} are gone`
  })
}

async function leftNamespaces(): Promise<string[]> {
  const all = (await kubectl('get', 'namespaces', '-o', 'name')).split('\n')
  return all.filter(name => NAMESPACES.includes(name.replace('namespace/', '')))
}
