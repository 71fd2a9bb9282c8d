import { type ExecFileOptions, execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Runs `docker ...args` and gives its standard output without the last newline.
 * @throws Error with what docker wrote on standard error
 */
export async function docker(
  args: readonly string[],
  options: Pick<ExecFileOptions, 'cwd' | 'env' | 'timeout'> = {}
): Promise<string> {
  try {
    const { stdout } = await run('docker', [...args], {
      ...options,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024
    })
    return stdout.trimEnd()
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string }
    throw new Error(`docker ${args.join(' ')} failed: ${stderr.slice(-4_000)}`, { cause: error })
  }
}

/** What `docker inspect` tells of a container, as far as the tests look at it. */
export interface Inspection {
  readonly Config: { readonly User: string; readonly Image: string }
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean
    readonly CapDrop: readonly string[] | null
  }
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly PublishedPort[] | null>>
  }
  readonly State: { readonly ExitCode: number; readonly Health?: { readonly Status: string } }
}

interface PublishedPort {
  readonly HostIp: string
  readonly HostPort: string
}

export async function inspect(container: string): Promise<Inspection> {
  const [inspection] = JSON.parse(await docker(['inspect', container])) as Inspection[]
  if (!inspection) throw new Error(`expected docker inspect to know ${container}, got nothing`)
  return inspection
}

/** Runs JavaScript in a container by its node, and gives what it printed: there is no shell to run anything else. */
export function evaluate(container: string, script: string): Promise<string> {
  return docker(['exec', container, '/nodejs/bin/node', '-e', script])
}
