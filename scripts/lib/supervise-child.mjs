import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { launchError } from './launch-error.mjs'
import { watchNpm } from './watch-npm.mjs'

// Ctrl-C reaches the child by itself, and npm sends us the same signal a second time: so we tell the child by a
// message, which it takes as "stop, if you have not begun to"
const GROUP_SIGNAL_MS = 150
const PATIENCE_MS = 2_500

/**
 * Runs `node ...args` with our terminal and gives its exit code, 128 + n when signal n ended it.
 * Signals to us are passed on once; when we die, the child sees its IPC channel close.
 */
export function superviseChild(node, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
    const relay = relaySignals(child)
    child.once('error', error => {
      relay.stop()
      reject(launchError(`${node} cannot be run: ${error.message}; install Node 24.12 or newer`))
    })
    child.once('exit', (code, signal) => {
      relay.stop()
      resolve(code === null ? 128 + constants.signals[signal] : code)
    })
  })
}

function relaySignals(child) {
  const timers = []
  const passOn = signal => {
    if (timers.length > 0) return
    timers.push(setTimeout(() => tell(child, signal), GROUP_SIGNAL_MS))
    timers.push(setTimeout(() => child.kill(signal), PATIENCE_MS))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn)
  const watch = watchNpm(process.env, () => passOn('SIGTERM'))
  return {
    stop() {
      for (const timer of [watch, ...timers]) clearTimeout(timer)
    }
  }
}

function tell(child, signal) {
  if (child.connected) child.send({ stop: signal }, () => {})
  else child.kill(signal)
}
