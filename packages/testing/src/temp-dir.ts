import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is gone when its scope ends: `await using dir = await tempDir()`. */
export interface TempDir extends AsyncDisposable {
  readonly path: string
  /** Path of an entry in the folder. */
  join(...names: readonly string[]): string
}

/** Creates an empty folder in the system's place for temporary files. */
export async function tempDir(prefix = 'bookstore-'): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), prefix))
  return {
    path,
    join: (...names) => join(path, ...names),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 })
  }
}
