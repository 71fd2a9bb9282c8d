import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The project's folder above `from`: the one that holds `apps` and `deploy`; undefined when there is none, as in an
 * image.
 */
export function findRoot(from: string): string | undefined {
  if (existsSync(join(from, 'apps')) && existsSync(join(from, 'deploy'))) return from
  const parent = dirname(from)
  return parent === from ? undefined : findRoot(parent)
}
