import { setInterval } from 'node:timers/promises'
import { ConfigError, type Logger } from '@bookstore/common'
import type { ShopperRole, Snapshot } from '@bookstore/contract'
import type { ShopperState } from '../state/shopper-state.ts'
import { openRecordStore, type RecordStore } from './record-store.ts'
import { createRecorder, type Recorder } from './recorder.ts'

const TICK_MS = 1_000

/** The recorder of a shopper with STATE_DIR; undefined without. @throws ConfigError when the folder cannot be used */
export function openRecorder(
  { role, stateDir }: { readonly role: ShopperRole; readonly stateDir: string | undefined },
  state: ShopperState,
  logger: Logger
): Recorder | undefined {
  if (stateDir === undefined) return undefined
  return createRecorder({ role, state, store: openStore(role, stateDir, logger), now: Date.now() })
}

function openStore(role: ShopperRole, folder: string, logger: Logger): RecordStore {
  try {
    return openRecordStore({ folder, name: role, logger })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new ConfigError([`STATE_DIR: expected a folder that can be written, got ${folder} (${code ?? message})`])
  }
}

/** Writes every second until the signal fires, and then that the shopper stopped. */
export async function keepRecording(recorder: Recorder, snapshot: () => Snapshot, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(TICK_MS, undefined, { signal })) recorder.tick(snapshot(), Date.now())
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
