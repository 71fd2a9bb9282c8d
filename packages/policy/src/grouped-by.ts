/** The members of a list that have a key, in the order of the list. */
export type Groups<Item> = (list: readonly Item[], key: string) => readonly Item[]

/**
 * Finds members of a list by a key without looking at each of them, so that a decision costs the same under ten policies
 * and under ten thousand. A list is grouped when it is first asked about, and forgotten together with its groups:
 * policies are values and never change.
 */
export function groupedBy<Item>(keysOf: (item: Item) => readonly string[]): Groups<Item> {
  const known = new WeakMap<readonly Item[], ReadonlyMap<string, readonly Item[]>>()
  return (list, key) => {
    const groups = known.get(list) ?? group(list, keysOf)
    known.set(list, groups)
    return groups.get(key) ?? []
  }
}

function group<Item>(list: readonly Item[], keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of list) {
    for (const key of new Set(keysOf(item))) {
      const members = groups.get(key)
      if (members === undefined) groups.set(key, [item])
      else members.push(item)
    }
  }
  return groups
}

/** One key for the two parts that name an object, a Service or an account. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`
}
