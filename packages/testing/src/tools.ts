import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Path of the first program of these names in PATH or in the folders where systems keep servers; undefined when there
 * is none.
 */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SERVER_FOLDERS]
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(path => isExecutable(path))
}

// Debian keeps servers in sbin, which is not in an ordinary user's PATH
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin']

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface ToolCheck {
  /** What a person calls it. */
  readonly name: string
  readonly isThere: boolean
  /** What to do when it is missing, such as `apt-get install mariadb-server`. */
  readonly hint: string
  /** Whether a missing tool is a failure; CI systems set CI=true. */
  readonly isMandatory?: boolean
}

/**
 * Whether a test may use a tool: `describe.skipIf(!requireTool({...}))`. A missing one is told in one line.
 * @throws Error when the tool is missing where it is mandatory, so that a CI never goes green by skipping
 */
export function requireTool({ name, isThere, hint, isMandatory = process.env['CI'] === 'true' }: ToolCheck): boolean {
  if (isThere) return true
  if (isMandatory) throw new Error(`${name} is needed for these tests and was not found: ${hint}`)
  process.stderr.write(`skipped: tests that need ${name}; to run them: ${hint}\n`)
  return false
}

/** Whether tests may use Chromium (see requireTool). */
export function requireChromium(): boolean {
  const isThere = chromiumPath() !== undefined
  return requireTool({ name: 'chromium', isThere, hint: 'apt-get install chromium' })
}

/** Path of Chromium or Chrome. */
export function chromiumPath(): string | undefined {
  return findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
}

/** Whether tests may use Prometheus and its promtool (see requireTool). */
export function requirePrometheus(): boolean {
  const isThere = findProgram('prometheus') !== undefined && findProgram('promtool') !== undefined
  return requireTool({ name: 'prometheus and promtool', isThere, hint: 'apt-get install prometheus' })
}

/** Whether tests may use a Docker engine: the client is there and an engine answers it (see requireTool). */
export function requireDocker({ isMandatory }: Pick<ToolCheck, 'isMandatory'> = {}): boolean {
  const isThere =
    findProgram('docker') !== undefined &&
    spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 }).status === 0
  const hint = 'start a Docker engine that `docker version` can reach'
  return requireTool({
    name: 'a Docker engine',
    isThere,
    hint,
    ...(isMandatory === undefined ? {} : { isMandatory })
  })
}
