import { fileURLToPath } from 'node:url'
import { waitFor } from '@bookstore/testing'
import { kubectlJson, tryRun } from './command.ts'
import type { Page } from './page.ts'

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))

/** Waits until the shopper's newest attempts all end as expected; says what it saw and how long it took. */
export async function untilAccess(
  page: Page,
  expected: 'bought' | 'denied',
  { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {}
): Promise<string> {
  const startedAt = performance.now()
  let before = (await page.snapshot()).counts
  const counts = await waitFor(
    async () => {
      const now = (await page.snapshot()).counts
      const grew = (kind: 'bought' | 'denied' | 'failed') => now[kind] - before[kind]
      const others = (['bought', 'denied', 'failed'] as const).filter(kind => kind !== expected)
      if (grew(expected) >= 5 && others.every(kind => grew(kind) <= 0)) return now
      if (others.some(kind => grew(kind) !== 0)) before = now
      return undefined
    },
    { timeoutMs, intervalMs: 500, what: `only ${expected} attempts` }
  )
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const how = Object.keys(counts.byDenial).join('; ')
  return `${expected} after ${seconds} s${expected === 'denied' ? ` (${how})` : ''}`
}

/** Waits until the page declares the weights; says how long it took. */
export async function untilDeclared(
  page: Page,
  v1: number,
  v2: number,
  { timeoutMs = 15_000 }: { readonly timeoutMs?: number } = {}
): Promise<number> {
  const startedAt = performance.now()
  await waitFor(
    async () => {
      const { declared } = await page.snapshot()
      const share = declared.split?.['bookstore-v1'] ?? -1
      return declared.source?.kind === 'cluster' && Math.abs(share - v1 / (v1 + v2)) < 1e-9
    },
    { timeoutMs, intervalMs: 100, what: `${v1}/${v2} on the page` }
  )
  return performance.now() - startedAt
}

/** `bookstore verify` against the page; gives its exit code and its first line. */
export async function verify(
  page: Page,
  args: readonly string[]
): Promise<{ readonly code: number; readonly line: string }> {
  const url = await page.url()
  const all = [cli, 'verify', '--url', url, '--timeout', '120s', ...args]
  const { code, stdout, stderr } = await tryRun(process.execPath, all)
  return { code, line: (stdout || stderr).split('\n')[0] ?? '' }
}

/** The number when it has not changed over several reads. */
export async function untilSteady(read: () => Promise<number>): Promise<number> {
  const seen: number[] = []
  await waitFor(
    async () => {
      seen.unshift(await read())
      return seen.length >= 5 && new Set(seen.slice(0, 5)).size === 1
    },
    { timeoutMs: 60_000, intervalMs: 500, what: 'a number that stays' }
  )
  return seen[0] ?? 0
}

/** The namespaces of a release. */
export const NAMESPACES = ['bookbuyer', 'bookthief', 'bookstore', 'bookwarehouse']

/** Pods with these labels that run and stay, by namespace and name; those that are about to end are still said to run. */
export async function stayingPods(
  selector: string
): Promise<readonly { readonly namespace: string; readonly name: string }[]> {
  interface Pod {
    readonly metadata: { readonly namespace: string; readonly name: string; readonly deletionTimestamp?: string }
  }
  const running = ['-l', selector, '--field-selector=status.phase=Running']
  const { items } = await kubectlJson<{ readonly items: readonly Pod[] }>('get', 'pods', '-A', ...running)
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata: { namespace, name } }) => ({ namespace, name }))
}

/** Names of the pods of our release that lack the sidecar they should have. */
export async function podsWithoutSidecar(): Promise<string[]> {
  interface Pod {
    readonly metadata: { readonly name: string }
    readonly spec: {
      readonly containers: readonly unknown[]
      readonly initContainers?: readonly unknown[]
    }
  }
  const selector = 'app.kubernetes.io/part-of=bookstore'
  const { items } = await kubectlJson<{ readonly items: readonly Pod[] }>('get', 'pods', '-A', '-l', selector)
  return items
    .filter(({ spec }) => spec.containers.length + (spec.initContainers?.length ?? 0) < 2)
    .map(({ metadata }) => metadata.name)
}
