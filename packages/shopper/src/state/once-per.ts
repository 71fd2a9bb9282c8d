/** A reader that derives its value anew only when one of the keys changed. */
export function oncePer<S, T>(
  read: () => S,
  keysOf: (state: S) => readonly unknown[],
  derive: (state: S) => T
): () => T {
  let known: { readonly keys: readonly unknown[]; readonly value: T } | undefined
  return () => {
    const state = read()
    const keys = keysOf(state)
    if (known === undefined || keys.some((key, index) => key !== known?.keys[index])) {
      known = { keys, value: derive(state) }
    }
    return known.value
  }
}
