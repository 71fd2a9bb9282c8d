import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { pause } from '@bookstore/common'
import type { Account, Topology } from '@bookstore/contract'
import type { PolicySet } from '@bookstore/policy'
import type { Dispatcher } from 'undici'
import { type FolderContent, readFolder } from './folder.ts'
import { afterLook, type InForce, type MeshError, notYetRead } from './in-force.ts'
import { type Decided, meshInterceptor } from './interceptor.ts'
import { MeshSettingsError } from './settings.ts'

export interface LocalMeshOptions {
  /** Folder of policy files, followed by looking at it every `pollMs`. */
  readonly policyDir: string
  readonly topology: Topology
  /** Who the application behind this client is. */
  readonly account: Account
  /** Milliseconds between looks: a bind mount delivers no file events, so looking is the way that always works. */
  readonly pollMs?: number
  /** New policies are in force. */
  readonly onChange?: (state: MeshState) => void
  /** What the folder holds is not in force, or there is no folder. Called once per new error. */
  readonly onError?: (error: MeshError) => void
  /** Told what was decided of each request. */
  readonly onDecision?: (decision: Decided) => void
  readonly random?: () => number
  readonly now?: () => Date
}

/** What the page, the log and the CLI show; ready for JSON but for `policies`. */
export interface MeshState {
  readonly policies: PolicySet
  /** Names of the files in force. */
  readonly files: readonly string[]
  readonly version: number
  /** ISO time; '' before the first look. */
  readonly changedAt: string
  readonly lastChange: string
  readonly error: MeshError | null
  /** Tells what the folder held at the last look, in force or not; as `folderRevision` gives it. */
  readonly revision: string
}

export interface LocalMesh {
  /** Compose it on an undici Agent. */
  readonly interceptor: Dispatcher.DispatcherComposeInterceptor
  readonly state: () => MeshState
  /** Settles after the first look at the folder; requests wait for it. Rejects with MeshSettingsError without a folder. */
  readonly ready: Promise<void>
  /** Looks at the folder now instead of at the next turn; settles when what it holds is decided on. */
  readonly refresh: () => Promise<void>
  /** Stops following the folder; what is in force stays. */
  readonly close: () => Promise<void>
}

/**
 * A mesh in the client: follows a folder of policies and applies them to the requests of one application.
 * For learning and tests; in a cluster the real mesh decides. Nothing in it stops the application: a broken
 * folder is reported by `onError` and `state().error`, and the last good policies stay in force.
 */
export function createLocalMesh(options: LocalMeshOptions): LocalMesh {
  const { policyDir, topology, account, pollMs = 500, random = Math.random } = options
  const { now = () => new Date() } = options
  const closing = new AbortController()
  let inForce = notYetRead
  let looking = Promise.resolve()

  const state = (): MeshState => {
    const { policies, files, version, changedAt, lastChange, error, revision } = inForce
    const names = files.map(({ name }) => name)
    return { policies, files: names, version, changedAt, lastChange, error, revision }
  }
  const look = async () => {
    const before = inForce
    inForce = afterLook(before, policyDir, await readSettled(policyDir, before), now().toISOString())
    if (inForce.error !== null && inForce.error !== before.error) options.onError?.(inForce.error)
    const mended = before.error !== null && inForce.error === null
    if (inForce.version !== before.version || mended) options.onChange?.(state())
  }
  // One look after the other, so that an older one cannot overwrite a newer one.
  const refresh = () => {
    looking = looking.then(look)
    return looking
  }
  const ready = refresh().then(() => requireFolder(inForce, policyDir))
  const following = follow(refresh, pollMs, closing.signal)

  const interceptor = meshInterceptor({
    mesh: () => ({ policies: inForce.policies, topology }),
    account,
    random,
    onDecision: options.onDecision ?? (() => undefined),
    pending: () => (inForce === notYetRead ? ready : null)
  })
  return {
    interceptor,
    state,
    ready,
    refresh,
    close: async () => {
      closing.abort()
      await following
    }
  }
}

const SETTLE_MS = 50
const MOST_LOOKS = 20

/**
 * What the folder holds. When files have gone it is looked at until it rests: a folder that is being deleted loses its
 * files first, and a look in between would take that for policies that somebody took back.
 */
async function readSettled(folder: string, { files }: InForce): Promise<FolderContent> {
  let content = await readFolder(folder)
  for (let looks = 1; looks < MOST_LOOKS && hasLost(content, files); looks++) {
    await delay(SETTLE_MS)
    const later = await readFolder(folder)
    if (isDeepStrictEqual(later, content)) break
    content = later
  }
  return content
}

function hasLost(content: FolderContent, before: InForce['files']): boolean {
  if (content.kind !== 'files') return false
  const names = new Set(content.files.map(({ name }) => name))
  return before.some(({ name }) => !names.has(name))
}

// an application that starts without the folder it was given would permit everything
function requireFolder({ version, error }: InForce, folder: string): void {
  const [fault] = error?.errors ?? []
  if (version > 0 || fault?.file !== folder) return
  throw new MeshSettingsError(`POLICY_DIR: ${folder}: ${fault.message}`)
}

async function follow(refresh: () => Promise<void>, pollMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await refresh()
    // looking must not keep a process alive that has nothing else to do
    await pause(pollMs, signal, { ref: false })
  }
}
