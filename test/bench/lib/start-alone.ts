import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** A program that runs; ended when its scope ends. */
export interface AloneProgram extends AsyncDisposable {
  readonly pid: number
  /** Its origin on loopback. */
  readonly url: string
}

/**
 * Starts a program as a container does: nothing listens to it but a pipe, and it listens at all addresses. The channel
 * of Node that tells `startApp` the port would be a twentieth of the start that is measured.
 * @throws Error when it ends before it said that it has started
 */
export async function startAlone(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>
): Promise<AloneProgram> {
  const [program, ...args] = command
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], PORT: '0', METRICS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const closed = once(child, 'close')
  const end = async () => {
    child.kill('SIGKILL')
    await closed
  }
  try {
    return { pid: child.pid ?? 0, url: `http://127.0.0.1:${await portOf(child.stdout)}`, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw new Error(`expected "${command.join(' ')}" to say that it has started: ${(error as Error).message}`, {
      cause: error
    })
  }
}

async function portOf(output: Readable): Promise<number> {
  for await (const line of createInterface(output)) {
    const { msg, port } = JSON.parse(line) as { readonly msg?: string; readonly port: number }
    if (msg === 'started') return port
  }
  throw new Error('it ended')
}
