import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LOAD_CORE } from './programs.ts'

/** What wrk saw. */
export interface WrkResult {
  readonly requests: number
  readonly perSecond: number
}

const CONNECTIONS = 64

/**
 * Asks one address for some seconds over 64 connections, from the other processor.
 * @throws Error when an answer is no 2xx or a connection fails, because such a rate means nothing
 */
export async function wrk(url: string, { seconds }: { readonly seconds: number }): Promise<WrkResult> {
  const program = ['-c', String(LOAD_CORE), 'wrk', '--timeout', '10s', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, url]
  const { stdout } = await promisify(execFile)('taskset', program)
  const [, requests = ''] = /^\s*(\d+) requests in/m.exec(stdout) ?? []
  const [, perSecond = ''] = /^Requests\/sec:\s+([\d.]+)$/m.exec(stdout) ?? []
  const fault = /^\s*(Non-2xx.*|Socket errors:.*)$/m.exec(stdout)?.[1]
  if (fault !== undefined || requests === '' || perSecond === '') {
    throw new Error(`expected only good answers of ${url}, got ${fault ?? stdout}`)
  }
  return { requests: Number(requests), perSecond: Number(perSecond) }
}
