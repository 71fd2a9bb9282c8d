import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { aborted } from '@bookstore/common'
import type { ServiceSpec } from './service-spec.ts'

/** A service that ended although nobody asked it to. */
export interface Crash {
  readonly spec: ServiceSpec
  /** Whether it had said that it listens. */
  readonly started: boolean
  /** `exit code 1`, `signal SIGKILL`, or why it could not be run at all. */
  readonly how: string
}

export interface Fleet {
  /** Of those that were started so far. */
  readonly pids: Readonly<Record<string, number | undefined>>
  /** Resolves when every service has said that it listens. */
  readonly listening: Promise<void>
  /** Resolves with the first service that ended by itself. */
  readonly crash: Promise<Crash>
  /** Ends all of them, round by round; who is left at the deadline is killed. Resolves when none is left. */
  stop(deadlineMs: number): Promise<void>
}

interface Member {
  readonly spec: ServiceSpec
  readonly child: ChildProcess
  readonly listening: Promise<void>
  readonly ended: Promise<string>
}

/**
 * Starts services as children of this process; they end when it does, however it does. Who is stopped first is started
 * last, when the others listen, so that nobody calls what is not there yet.
 */
export function startFleet(specs: readonly ServiceSpec[], node = process.execPath): Fleet {
  const crashed = Promise.withResolvers<Crash>()
  const members: Member[] = []
  let stopping = false
  const start = (spec: ServiceSpec): Promise<void> => {
    const member = startMember(spec, node)
    members.push(member)
    let started = false
    void member.ended.then(how => {
      if (!stopping) crashed.resolve({ spec, started, how })
    })
    return member.listening.then(() => {
      started = true
    })
  }
  return {
    listening: startInWaves(specs, start, () => stopping),
    get pids() {
      return Object.fromEntries(members.map(({ spec, child }) => [spec.name, child.pid]))
    },
    crash: crashed.promise,
    async stop(deadlineMs) {
      stopping = true
      await stopMembers(members, deadlineMs)
    }
  }
}

async function startInWaves(
  specs: readonly ServiceSpec[],
  start: (spec: ServiceSpec) => Promise<void>,
  isStopping: () => boolean
): Promise<void> {
  const callers = specs.filter(({ stopRound }) => stopRound === 0)
  const called = specs.filter(({ stopRound }) => stopRound > 0)
  for (const wave of [called, callers]) {
    if (isStopping() || wave.length === 0) continue
    await Promise.all(wave.map(start))
  }
}

function startMember(spec: ServiceSpec, node: string): Member {
  const log = openSync(spec.logFile, 'w')
  const child = spawn(node, spec.args, {
    env: spec.env,
    stdio: ['ignore', log, log, 'ipc'],
    // a group of its own: Ctrl-C is for us, and we end the services in order
    detached: process.platform !== 'win32'
  })
  closeSync(log)
  const ended = Promise.withResolvers<string>()
  const listening = Promise.withResolvers<void>()
  child.once('error', error => ended.resolve(error.message))
  child.once('exit', (code, signal) => ended.resolve(signal ? `signal ${signal}` : `exit code ${code}`))
  child.on('message', message => {
    if (typeof message === 'object' && 'listening' in message) listening.resolve()
  })
  return { spec, child, listening: listening.promise, ended: ended.promise }
}

async function stopMembers(members: readonly Member[], deadlineMs: number): Promise<void> {
  const deadline = setTimeout(() => {
    for (const { child } of members) child.kill('SIGKILL')
  }, deadlineMs)
  const rounds = [...new Set(members.map(({ spec }) => spec.stopRound))].sort()
  for (const round of rounds) {
    const leaving = members.filter(({ spec }) => spec.stopRound === round)
    for (const { child } of leaving) child.kill('SIGTERM')
    const gone = Promise.all(leaving.map(member => member.ended))
    // one that hangs must not use up the time of the rounds after it
    const patience = AbortSignal.timeout(Math.ceil(deadlineMs / (rounds.length + 1)))
    await Promise.race([gone, aborted(patience)])
  }
  await Promise.all(members.map(member => member.ended))
  clearTimeout(deadline)
}
