import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningApp, repositoryRoot, startApp } from '@bookstore/testing'
import { type AloneProgram, startAlone } from './start-alone.ts'

/** The processor of what is measured; load comes from the other one. */
export const MEASURED_CORE = 0
export const LOAD_CORE = 1

const IMAGE = 'bench/image'
/** The same without the code that V8 made of the programs. */
const NOT_COMPILED = 'bench/image-not-compiled'
const RIVALS = 'test/bench/rivals'
const APPS = ['bookbuyer', 'bookstore', 'bookwarehouse', 'bookthief'] as const

/** Lays out the programs as the image has them, and once more without their compiled code. */
export function bundlePrograms(): void {
  const run = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: repositoryRoot, stdio: ['ignore', 'ignore', 'inherit'] })
  const folder = join(repositoryRoot, IMAGE)
  rmSync(folder, { recursive: true, force: true })
  run('scripts/bundle.mjs', '--outdir', `${IMAGE}/app`, ...APPS)
  cpSync(join(repositoryRoot, 'package.json'), join(folder, 'app/package.json'))
  for (const app of APPS) cpSync(join(repositoryRoot, 'deploy/image/launch.cjs'), join(folder, app))
  // in the image nothing above says that a file without extension is an ES module
  writeFileSync(join(folder, 'package.json'), '{}')
  rmSync(join(repositoryRoot, NOT_COMPILED), { recursive: true, force: true })
  cpSync(folder, join(repositoryRoot, NOT_COMPILED), { recursive: true })
  run('deploy/image/warm-up.mjs', folder)
}

/** How a program is started. */
export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Undefined for both processors. */
  readonly core?: number
}

type Bundled = 'bookbuyer' | 'bookstore' | 'bookwarehouse'

/** Starts a bundled program with its default logs and metrics. */
export function startProgram(app: Bundled, { env = {}, core }: ProgramOptions): Promise<RunningApp> {
  return startApp({
    main: `${IMAGE}/${app}`,
    through: pinnedTo(core),
    // the image's own compiled code, and not that of the scripts
    env: { NODE_COMPILE_CACHE: '', ...env }
  })
}

/** Starts a bundled program as a container does, with or without the image's compiled code. */
export function startProgramAlone(
  app: Bundled,
  { env = {}, core, isCompiled }: ProgramOptions & { readonly isCompiled: boolean }
): Promise<AloneProgram> {
  return startAlone(nodeWith(`${isCompiled ? IMAGE : NOT_COMPILED}/${app}`, core), env)
}

/** Starts a file of `rivals` in the same way. */
export function startRivalAlone(file: string, { env = {}, core }: ProgramOptions): Promise<AloneProgram> {
  return startAlone(nodeWith(`${RIVALS}/${file}`, core), env)
}

function nodeWith(file: string, core: number | undefined): [string, ...string[]] {
  const [command = process.execPath, ...rest] = [...pinnedTo(core), process.execPath, join(repositoryRoot, file)]
  return [command, ...rest]
}

/** Starts a server that the programs are compared with: a file of `rivals`. */
export function startRival(file: string, { env = {}, core }: ProgramOptions): Promise<RunningApp> {
  return startApp({ main: `${RIVALS}/${file}`, through: pinnedTo(core), env })
}

function pinnedTo(core: number | undefined): readonly string[] {
  return core === undefined ? [] : ['taskset', '-c', String(core)]
}

/**
 * Seconds of processor time that a process has used so far, by the scheduler's nanoseconds of each of its threads
 * (https://docs.kernel.org/scheduler/sched-stats.html): the hundredths of /proc/PID/stat are too coarse for two percent.
 */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map(thread => {
    const [running = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    return Number(running)
  })
  return nanoseconds.reduce((sum, more) => sum + more, 0) / 1e9
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error(`expected VmRSS in /proc/${pid}/status, got none`)
  return Number(kilobytes) / 1024
}
