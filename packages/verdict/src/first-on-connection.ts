// Connections that are in use at the same time are far fewer.
const MOST_REMEMBERED = 4_096

/** Says of each connection whether it is seen for the first time; it remembers the last 4,096. */
export function createFirstOnConnection(): (connection: string) => boolean {
  const seen = new Set<string>()
  return connection => {
    if (seen.has(connection)) return false
    const [oldest] = seen
    if (seen.size === MOST_REMEMBERED && oldest !== undefined) seen.delete(oldest)
    seen.add(connection)
    return true
  }
}
