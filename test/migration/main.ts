import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runScript } from '@bookstore/testing'
import { move } from './move.ts'

await runScript(
  {
    help: `Usage: npm run test:migration

Moves the bookstore under load from OSM to Istio, namespace by namespace, on the cluster that KUBECONFIG points to,
where both meshes are installed. Then compares what the record says with the script's own clock: a curl loop beside
each shopper.

  IMAGE=bookstore:0.1.0       the image, where the cluster's nodes find it
  WITNESS_IMAGE=…             an image with sh and curl, there too
  REVISION=asm-1-31           revision of Istio
  VOLUMES=claim|host          claim: the cluster's storage class (default); host: folders of the one node
  HELM_ARGS='--set …'         more arguments for helm
  KEEP=1                      leave everything there
  REPORT=FILE                 keep the report as a page there

Istio with a drainDuration of seconds gives one more answer under the old policy on each open connection, to whichever of
shopper and witness asks first: with 1s both see the same end of what was unenforced.

Needs kubectl and helm. Exit code: 0 the record agrees, 1 it does not or a step failed, 3 could not run.`
  },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bookstore-migration-'))
    try {
      const { code, page } = await move(process.env, folder)
      if (process.env['REPORT']) await writeFile(process.env['REPORT'], page)
      return code
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
)
