import { fileURLToPath } from 'node:url'
import { kubectl, run } from './command.ts'

const chart = fileURLToPath(new URL('../../charts/bookstore', import.meta.url))

/** The release under test; lives in a namespace of its own, because the chart makes the others. */
const RELEASE = 'bookstore'
const RELEASE_NAMESPACE = 'bookstore-release'

export interface Release {
  /** Installs, or upgrades to, the chart with these values beside those that always hold. */
  upgrade(values: Readonly<Record<string, string>>): Promise<void>
  rollback(): Promise<void>
  test(): Promise<void>
  /** What Helm told the person who installed it. */
  notes(): Promise<string>
  uninstall(): Promise<void>
}

/** A release with what always holds: the mesh's settings, the image, what a person added by HELM_ARGS. */
export function createRelease(always: Readonly<Record<string, string>>, extraArgs: readonly string[]): Release {
  const inNamespace = ['--namespace', RELEASE_NAMESPACE]
  return {
    async upgrade(values) {
      const pairs = Object.entries({ ...always, ...values })
      const sets = pairs.flatMap(([key, value]) => ['--set', `${key}=${value}`])
      const wait = ['--create-namespace', '--wait', '--timeout', '5m']
      await run('helm', ['upgrade', '--install', RELEASE, chart, ...inNamespace, ...wait, ...sets, ...extraArgs])
    },
    rollback: async () => {
      await run('helm', ['rollback', RELEASE, ...inNamespace, '--wait', '--timeout', '5m'])
    },
    test: async () => {
      await run('helm', ['test', RELEASE, ...inNamespace, '--timeout', '10m'])
    },
    notes: () => run('helm', ['get', 'notes', RELEASE, ...inNamespace]),
    uninstall: async () => {
      await run('helm', ['uninstall', RELEASE, ...inNamespace, '--wait', '--timeout', '5m'])
      await kubectl('delete', 'namespace', RELEASE_NAMESPACE)
    }
  }
}
