import { readFileSync } from 'node:fs'

/**
 * Calls `onGone` when the npm that runs us is gone: one that is killed tells nobody, but those it started get another
 * parent.
 * Gives the timer to clear; undefined when no npm runs us.
 */
export function watchNpm(env, onGone) {
  if (!env.npm_lifecycle_event) return undefined
  const before = ancestry()
  return setInterval(() => {
    if (ancestry() !== before) onGone()
  }, 1_000)
}

// npm runs scripts in a shell, and some shells stay between npm and us
function ancestry() {
  const { ppid } = process
  const isShell = /^\S*sh$/.test(readProc(ppid, 'comm').trim())
  return isShell ? `${ppid} ${parentOf(ppid)}` : `${ppid}`
}

// the name in this file may hold anything but ends with the last bracket
// (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)
function parentOf(pid) {
  const stat = readProc(pid, 'stat')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
}

function readProc(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    // only Linux has it; elsewhere the parent alone is watched
    return ''
  }
}
