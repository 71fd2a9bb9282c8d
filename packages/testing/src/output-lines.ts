import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Lines of a stream, as they come. */
export interface OutputLines {
  readonly lines: readonly string[]
  onLine(listener: (line: string) => void): () => void
}

/** Collects the lines of a process' output. */
export function collectLines(stream: Readable): OutputLines {
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  createInterface({ input: stream }).on('line', line => {
    lines.push(line)
    for (const listener of listeners) listener(line)
  })
  return {
    lines,
    onLine(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
