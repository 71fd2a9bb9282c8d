import type { PolicyKind } from '@bookstore/policy'
import type { KubeApi } from './kube-api.ts'

/**
 * Asks which version of a kind the cluster serves (null: none). An answer is shared by all who ask within `keepMs`,
 * because many kinds share a group and each is followed in several namespaces; a failure is not kept.
 */
export function createServedVersions(
  api: KubeApi,
  {
    keepMs,
    signal,
    now = Date.now
  }: { readonly keepMs: number; readonly signal: AbortSignal; readonly now?: () => number }
): (kind: PolicyKind) => Promise<string | null> {
  const answers = new Map<string, { readonly at: number; readonly plurals: Promise<readonly string[]> }>()
  const plurals = (group: string, version: string) => {
    const key = `${group}/${version}`
    const kept = answers.get(key)
    if (kept && now() - kept.at < keepMs) return kept.plurals
    const asked = api.served(group, version, signal)
    answers.set(key, { at: now(), plurals: asked })
    asked.catch(() => answers.delete(key))
    return asked
  }
  return async kind => {
    for (const version of kind.versions) {
      if ((await plurals(kind.group, version)).includes(kind.plural)) return version
    }
    return null
  }
}
