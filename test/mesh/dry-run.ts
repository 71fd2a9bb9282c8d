import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { kubectl, run, tryRun } from './command.ts'
import type { Report } from './report.ts'

const chart = fileURLToPath(new URL('../../charts/bookstore', import.meta.url))
const SCRATCH = 'bookstore-dry-run'

/** Every value set of the chart's ci folder against the API server, which knows the schemas of what it serves. */
export async function dryRun({ report }: { readonly report: Report }): Promise<void> {
  await report.step('a server-side dry run of every ci value set', async () => {
    const { code } = await tryRun('kubectl', ['create', 'namespace', SCRATCH])
    try {
      const files = await readdir(`${chart}/ci`)
      const seen = await Promise.all(files.map(file => dryRunOf(`${chart}/ci/${file}`)))
      const unserved = [...new Set(seen.flat())]
      return `${files.length} are clean${unserved.length > 0 ? `; not served here: ${unserved.sort().join(', ')}` : ''}`
    } finally {
      if (code === 0) await kubectl('delete', 'namespace', SCRATCH)
    }
  })
}

/** Kinds that the cluster does not serve. @throws Error with anything else the API server says */
async function dryRunOf(values: string): Promise<string[]> {
  const names = ['bookbuyer', 'bookthief', 'bookstore', 'bookwarehouse']
  const scratch = names.map(name => `namespaces.${name}=${SCRATCH}`).join(',')
  const set = ['--set', `namespaces.create=false,${scratch}`]
  const input = await run('helm', ['template', 'dry-run', chart, '--kube-version', '1.32.0', '-f', values, ...set])
  const apply = ['apply', '--dry-run=server', '--server-side', '--force-conflicts', '-f', '-']
  const { code, stderr } = await tryRun('kubectl', apply, { input })
  if (code === 0) return []
  const unserved = [...stderr.matchAll(/no matches for kind "(\w+)" in version "([^"]+)"/g)]
  const others = stderr.split('\n').filter(line => line && !/no matches for kind|ensure CRDs are installed/.test(line))
  if (others.length > 0) throw new Error(`${values}: ${others.join('; ')}`)
  return unserved.map(([, kind, version]) => `${kind} ${version}`)
}
