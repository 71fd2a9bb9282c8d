import { runScript } from '@bookstore/testing'
import { kubectl } from './command.ts'
import { course } from './course.ts'
import { dropIn } from './drop-in.ts'
import { dryRun } from './dry-run.ts'
import { findMesh } from './meshes.ts'
import { openPage } from './page.ts'
import { promises } from './promises.ts'
import { createRelease } from './release.ts'
import { createReport } from './report.ts'
import { telemetry } from './telemetry/telemetry.ts'
import { uninstall } from './uninstall.ts'

await runScript(
  {
    help: `Usage: npm run test:mesh

The whole course, end to end, on the cluster that KUBECONFIG points to (docs/aks.md).

  MESH=osm|istio            the mesh that is installed there (default osm)
  IMAGE=bookstore:0.1.0     the image, where the cluster's nodes find it
  HELM_ARGS='--set …'       more arguments for helm, such as database.persistence.enabled=false
                            where there is no storage class
  PROMETHEUS_IMAGE=NAME     Prometheus, where the nodes find it; without it nothing scrapes the pods
  KEEP=1                    leave the release there when a step fails

Needs kubectl and helm. Exit code: 0 all steps ok, 1 not all, 3 could not run.`
  },
  testMesh
)

async function testMesh(): Promise<number> {
  const { MESH = 'osm', IMAGE = 'bookstore:0.1.0', HELM_ARGS = '', KEEP = '', PROMETHEUS_IMAGE = '' } = process.env
  const mesh = await findMesh(MESH)
  const [, repository = IMAGE, tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(IMAGE) ?? []
  const release = createRelease(
    { ...mesh.settings, 'image.repository': repository, 'image.tag': tag },
    HELM_ARGS.split(/\s+/).filter(Boolean)
  )
  const report = createReport()
  const buyer = openPage('bookbuyer', 'bookbuyer')
  const thief = openPage('bookthief', 'bookthief')
  const warehouse = openPage('bookwarehouse', 'bookwarehouse')
  const server = JSON.parse(await kubectl('version', '-o', 'json')) as {
    readonly serverVersion: { readonly gitVersion: string }
  }
  console.log(`${mesh.version} on Kubernetes ${server.serverVersion.gitVersion}, image ${IMAGE}`)
  let exitCode = 0
  try {
    await dryRun({ report })
    await course({ mesh, release, report, buyer, thief, warehouse })
    await promises({ mesh, release, report, buyer, image: IMAGE })
    await telemetry({ mesh, release, report, buyer, image: IMAGE, prometheusImage: PROMETHEUS_IMAGE })
    await uninstall({ release, report })
    await dropIn({ mesh, report, image: IMAGE })
  } catch {
    exitCode = 1
    if (KEEP === '') await release.uninstall().catch(() => undefined)
  } finally {
    buyer.close()
    thief.close()
    warehouse.close()
  }
  return exitCode
}
