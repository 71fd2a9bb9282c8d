import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runScript } from '@bookstore/testing'
import { createReport } from '../mesh/report.ts'
import { enforce, SETS } from './enforce.ts'

await runScript(
  {
    help: `Usage: npm run test:smi [-- SET ...]

Translates the SMI sets of other applications (packages/policy/test-support/smi-sets) and has Istio enforce them, on the
cluster that KUBECONFIG points to: their objects are taken by the API server (dry run), the requests around their rules
end as the set says they do, and their splits are judged by bookstore verify, from pods with the set's names and accounts.

  IMAGE=bookstore:0.1.0       the image, where the cluster's nodes find it
  CLIENT_IMAGE=curl:1         an image with sh and curl, there too
  REVISION=asm-1-31           revision of Istio
  SET                         beginnings of names, such as 03 (default: all)

Needs kubectl. Exit code: 0 all sets are enforced, 1 not all, 3 could not run.`,
    most: 100
  },
  async ({ positionals }) => {
    const names = (await readdir(SETS)).filter(
      name => positionals.length === 0 || positionals.some(start => name.startsWith(start))
    )
    if (names.length === 0) throw new RangeError(`expected sets of ${SETS.pathname}, got ${positionals.join(', ')}`)
    const { IMAGE = 'bookstore:0.1.0', CLIENT_IMAGE = 'curl:1', REVISION = 'asm-1-31' } = process.env
    const folder = await mkdtemp(join(tmpdir(), 'bookstore-smi-sets-'))
    const report = createReport()
    let failed = 0
    try {
      for (const name of names) {
        const options = { image: IMAGE, clientImage: CLIENT_IMAGE, revision: REVISION, folder: join(folder, name) }
        // a set that fails is told; the others are tried all the same
        await report.step(name, () => enforce(name, options)).catch(() => failed++)
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    console.log(`${names.length - failed} of ${names.length} sets are enforced`)
    return failed === 0 ? 0 : 1
  }
)
