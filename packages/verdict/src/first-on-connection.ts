import { createLatest } from './latest.ts'

// Connections that are in use at the same time are far fewer.
const MOST_REMEMBERED = 4_096

/** Says of each connection whether it is seen for the first time; it remembers the last 2,048 at least. */
export function createFirstOnConnection(): (connection: string) => boolean {
  const seen = createLatest<true>(MOST_REMEMBERED)
  return connection => {
    if (seen.get(connection)) return false
    seen.note(connection, true)
    return true
  }
}
