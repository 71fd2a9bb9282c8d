/**
 * The heap that V8 gives itself in a container with that memory limit: half of it, and a 128th of that for each half of
 * the young generation. On a machine with more memory it lets garbage lie, and a leak cannot be told from that.
 */
export function heapUnder(mebibytes: number): { readonly NODE_OPTIONS: string } {
  const old = mebibytes / 2
  const semi = Math.max(1, Math.round(old / 128))
  return { NODE_OPTIONS: `--max-old-space-size=${old} --max-semi-space-size=${semi}` }
}
