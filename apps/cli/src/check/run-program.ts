import { execFile } from 'node:child_process'

/** How a program ended. */
export interface Ran {
  /** Its exit code; null when it is not there or was ended. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, for at most ten seconds. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<Ran>

/** Runs a program of this machine; one that is not there is an outcome, not an error. */
export const runProgram: RunProgram = (program, args) =>
  new Promise(resolve => {
    execFile(program, args, { timeout: 10_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const failed = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({ code: failed, stdout, stderr: stderr || (error?.message ?? '') })
    })
  })
