/** Remembers what was noted last for each name, for the latest names only. */
export interface Latest<T> {
  get(name: string): T | undefined
  note(name: string, value: T): void
}

/**
 * Remembers at least half of `most` names and never more than `most`, in constant time: when half of them are new, those
 * that were not noted since are forgotten at once.
 */
export function createLatest<T>(most: number): Latest<T> {
  let young = new Map<string, T>()
  let old = new Map<string, T>()
  return {
    get: name => young.get(name) ?? old.get(name),
    note(name, value) {
      young.set(name, value)
      if (young.size < most / 2) return
      old = young
      young = new Map()
    }
  }
}
