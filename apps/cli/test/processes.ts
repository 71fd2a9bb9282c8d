import { readFileSync } from 'node:fs'
import { waitFor } from '@bookstore/testing'

/** Whether a process runs; one that has ended and was not fetched by its parent yet does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(statusOf(pid))
  } catch {
    return false
  }
}

/** Waits until none of the processes runs. */
export async function untilAllGone(pids: readonly number[]): Promise<void> {
  await waitFor(() => !pids.some(isRunning), { what: `none of ${pids.join(', ')} running` })
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    // not every system has /proc
    return ''
  }
}
