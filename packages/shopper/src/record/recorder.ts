import type { RecordEntry, RecordedEvent, ShopperRole, ShoppingRecord, Snapshot } from '@bookstore/contract'
import type { ShopperState } from '../state/shopper-state.ts'
import type { RecordStore } from './record-store.ts'
import { createSecondCounter } from './second-counter.ts'

/** Writes down what a shopper meets, second by second. */
export interface Recorder {
  /** The state, with every attempt written down too. */
  readonly state: ShopperState
  /** Writes the seconds that are over, and what changed in the snapshot; to be called every second. */
  tick(snapshot: Snapshot, now: number): void
  /** Writes the last second and that the shopper stopped. */
  stop(now: number): void
  read(range: { readonly since: number; readonly until: number }): Promise<ShoppingRecord>
}

/** Records into a store; an entry says from when on there is a record, so that what is missing can be told from peace. */
export function createRecorder({
  role,
  state,
  store,
  now
}: {
  readonly role: ShopperRole
  readonly state: ShopperState
  readonly store: RecordStore
  readonly now: number
}): Recorder {
  const seconds = createSecondCounter(now)
  const changes = createChangeWatch()
  store.append([
    { at: now, event: 'started', text: `${role} started` },
    ...store.found.map(text => ({ at: now, event: 'problem', text }) as const)
  ])
  return {
    state: {
      ...state,
      observe(attempt, at) {
        seconds.observe(attempt)
        state.observe(attempt, at)
      }
    },
    tick(snapshot, at) {
      const entries: readonly RecordEntry[] = [...seconds.take(at), ...changes(snapshot, at)]
      store.append(entries)
    },
    stop(at) {
      // what was met in a life of less than a second stands in the next one
      store.append([
        ...seconds.take(Math.max(at, now + 1000) + 1000),
        { at, event: 'stopped', text: `${role} stopped` }
      ])
      store.close()
    },
    read: async range => ({ app: role, entries: await store.read(range) })
  }
}

/** Events for what is new in a snapshot since the last one. */
function createChangeWatch(): (snapshot: Snapshot, now: number) => readonly RecordedEvent[] {
  const told = new Map<RecordedEvent['event'], string>()
  const news = (event: RecordedEvent['event'], text: string, at: number, key = text): readonly RecordedEvent[] => {
    if (text === '' || told.get(event) === key) return []
    told.set(event, key)
    return [{ at, event, text }]
  }
  return ({ policies, window }, now) => {
    const { lastChange, problems } = policies
    const changedAt = lastChange === null ? now : Date.parse(lastChange.at)
    const convergence = window.convergence ?? ''
    return [
      ...news('policy', lastChange?.text ?? '', changedAt, `${lastChange?.at} ${lastChange?.text}`),
      // the same words in a later window are another convergence; while it settles there is nothing to tell
      ...news('convergence', convergence.startsWith('settling') ? '' : convergence, now, `${window.id} ${convergence}`),
      ...news('problem', problems.join('; '), now)
    ]
  }
}
