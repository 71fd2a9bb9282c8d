import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { collectLines, type OutputLines } from './output-lines.ts'

/** How a process ended: one of the two is set. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A service running as a process of its own; killed when its scope ends. */
export interface RunningApp extends AsyncDisposable {
  /** Origin of the service, such as `http://127.0.0.1:34567`. */
  readonly url: string
  readonly metricsUrl: string
  readonly port: number
  readonly metricsPort: number
  readonly pid: number
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  /** First line of either output that matches, also one that has already come. */
  waitForLine(pattern: RegExp, options?: { readonly timeoutMs?: number }): Promise<string>
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Exit>
  /** Sends the signal and does not wait: SIGSTOP, SIGCONT, or the beginning of a stop under load. */
  signal(signal: NodeJS.Signals): void
  readonly exited: Promise<Exit>
}

export interface StartAppOptions {
  /** Path of the program from the root of the repository, such as `apps/bookwarehouse/src/main.ts`. */
  readonly main: string
  /** A command that starts it in its own place, such as `['taskset', '-c', '0']`. */
  readonly through?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly cwd?: string
  readonly timeoutMs?: number
}

/** The root folder of the repository. */
export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * Starts a service with the Node that runs the tests, on ports that the system chooses, and waits until it listens.
 * Its environment is a bare one.
 * @throws Error with the process' standard error when it ends before it listens
 */
export async function startApp(options: StartAppOptions): Promise<RunningApp> {
  const child = spawnApp(options)
  const stdout = collectLines(child.stdout)
  const stderr = collectLines(child.stderr)
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Exit)
  const end = (signal: NodeJS.Signals) => endProcess(child, exited, signal)
  try {
    const ports = await listening(child, exited, options.timeoutMs ?? 20_000)
    return {
      ...ports,
      url: `http://127.0.0.1:${ports.port}`,
      metricsUrl: `http://127.0.0.1:${ports.metricsPort}/metrics`,
      pid: child.pid ?? 0,
      stdout: stdout.lines,
      stderr: stderr.lines,
      waitForLine: (pattern, { timeoutMs = 10_000 } = {}) => firstMatch([stdout, stderr], pattern, timeoutMs),
      stop: (signal = 'SIGTERM') => end(signal),
      signal: signal => void child.kill(signal),
      exited,
      [Symbol.asyncDispose]: async () => void (await end('SIGKILL'))
    }
  } catch (error) {
    await end('SIGKILL')
    const output = [...stdout.lines, ...stderr.lines].join('\n')
    throw new Error(`${options.main}: ${(error as Error).message}\n${output}`, { cause: error })
  }
}

/**
 * What a process needs of our environment: PATH, HOME and Node's cache of compiled modules, which halves the processor
 * time of a start. Nothing else, so that a developer's settings do not leak into tests.
 */
export function bareEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) }
}

function spawnApp({ main, through = [], env, args = [], cwd = repositoryRoot }: StartAppOptions) {
  const [command = process.execPath, ...rest] = [...through, process.execPath, `${repositoryRoot}${main}`, ...args]
  return spawn(command, rest, {
    cwd,
    env: { ...bareEnvironment(), HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc']
  }) as ChildProcess & {
    stdout: NonNullable<ChildProcess['stdout']>
    stderr: NonNullable<ChildProcess['stderr']>
  }
}

interface Ports {
  readonly port: number
  readonly metricsPort: number
}

async function listening(child: ChildProcess, exited: Promise<Exit>, timeoutMs: number): Promise<Ports> {
  const { promise, resolve, reject } = Promise.withResolvers<Ports>()
  child.on('message', (message: { readonly listening?: Ports }) => {
    if (message.listening) resolve(message.listening)
  })
  child.once('error', reject)
  exited.then(
    ({ code, signal }) => reject(new Error(`expected it to listen, it ended with ${signal ?? `code ${code}`}`)),
    reject
  )
  const timer = setTimeout(() => reject(new Error(`expected it to listen within ${timeoutMs} ms`)), timeoutMs)
  return promise.finally(() => clearTimeout(timer))
}

async function endProcess(child: ChildProcess, exited: Promise<Exit>, signal: NodeJS.Signals): Promise<Exit> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  return exited
}

function firstMatch(outputs: readonly OutputLines[], pattern: RegExp, timeoutMs: number): Promise<string> {
  const matches = (line: string) => line.search(pattern) >= 0
  const seen = outputs.flatMap(output => output.lines).find(matches)
  if (seen !== undefined) return Promise.resolve(seen)
  return new Promise((resolve, reject) => {
    const stops = outputs.map(output =>
      output.onLine(line => {
        if (matches(line)) settle(() => resolve(line))
      })
    )
    const timer = setTimeout(() => {
      const lines = outputs.flatMap(output => output.lines).slice(-20)
      const message = `expected a line like ${pattern} within ${timeoutMs} ms, the last lines were:`
      settle(() => reject(new Error([message, ...lines].join('\n'))))
    }, timeoutMs)
    function settle(finish: () => void): void {
      clearTimeout(timer)
      for (const stop of stops) stop()
      finish()
    }
  })
}
