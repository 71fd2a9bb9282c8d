import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '@bookstore/contract'
import { folderRevision } from '@bookstore/local-mesh'
import { type ApiClient, createApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'
import type { RunFile } from '../up/run-file.ts'

// the mesh follows its folder within a second, on a busy machine within some; this long is "not at all"
const PATIENCE_MS = 20_000
const LOOK_EVERY_MS = 50

/**
 * Milliseconds from `since` (ms since the epoch) until the running shoppers say that what the folder holds is in force;
 * undefined when one does not say so in 20 s, or nobody runs.
 */
export async function takenUpAfter(
  { folder, run, since }: { readonly folder: string; readonly run: RunFile | undefined; readonly since: number },
  signal: AbortSignal
): Promise<number | undefined> {
  const urls = [run?.urls['bookbuyer'], run?.urls['bookthief']].filter(url => url !== undefined)
  if (urls.length === 0) return undefined
  return asked(signal, async api => {
    while (Date.now() < since + PATIENCE_MS) {
      const snapshots = await Promise.all(urls.map(url => api.snapshot(url)))
      // what a repair brings back may have been in force all the time: then policies never change
      const revision = await folderRevision(folder)
      const isTaken = ({ policies }: Snapshot) => policies.revision === revision && policies.problems.length === 0
      if (snapshots.every(isTaken)) return Date.now() - since
      await sleep(LOOK_EVERY_MS, undefined, { signal })
    }
    return undefined
  })
}

/** What the running bookbuyer says is in force, a line each; null when nobody runs or answers. */
export async function inForceAt(run: RunFile | undefined, signal: AbortSignal): Promise<readonly string[] | null> {
  const url = run?.urls['bookbuyer']
  if (url === undefined) return null
  return (await asked(signal, async api => (await api.snapshot(url)).policies.inForce)) ?? null
}

async function asked<T>(signal: AbortSignal, ask: (api: ApiClient) => Promise<T>): Promise<T | undefined> {
  const api = createApiClient({ signal })
  try {
    return await ask(api)
  } catch (error) {
    // it may be stopping: what the folder holds is so all the same
    if (error instanceof CommandError) return undefined
    throw error
  } finally {
    await api.close()
  }
}
