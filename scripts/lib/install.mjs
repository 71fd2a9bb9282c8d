import { spawn } from 'node:child_process'
import { accessSync, constants as modes } from 'node:fs'
import { constants } from 'node:os'
import { isInstalled } from './installed.mjs'
import { launchError } from './launch-error.mjs'
import { withLock } from './lock.mjs'
import { npmCommand } from './npm-command.mjs'

// Whatever the user's npm is set to, the same things are installed: no package of ours needs an install script, the
// tests need the devDependencies, the project's Node is an optional one, and the engines of packages are for that Node
// and not for the one of npm.
const CI = [
  'ci',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--engine-strict=false',
  '--loglevel=error',
  '--progress=false',
  '--no-audit',
  '--no-fund',
  // without a network, say so in seconds and not after a minute
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=3000'
]

/** Runs `npm ci` when node_modules is not what package-lock.json says. */
export async function installMissing(root) {
  if (isInstalled(root)) return
  requireWritable(root)
  await withLock(root, async () => {
    if (isInstalled(root)) return
    process.stderr.write('Installing dependencies (once, about 30 s) …\n')
    await npmCi(root)
  })
}

function requireWritable(root) {
  try {
    accessSync(root, modes.W_OK)
  } catch {
    throw launchError(`The dependencies cannot be installed: this user may not write to ${root}`)
  }
}

function npmCi(root) {
  const { command, args, shell } = npmCommand(process.env, process.execPath)
  return new Promise((resolve, reject) => {
    const npm = spawn(command, [...args, ...CI], {
      cwd: root,
      shell,
      stdio: ['ignore', 'ignore', 'pipe']
    })
    let complaint = ''
    npm.stderr.on('data', chunk => {
      complaint += chunk
    })
    const interrupted = passSignals(npm)
    npm.once('error', error => {
      interrupted.stop()
      reject(launchError(`npm cannot be run (${error.code}); install it`))
    })
    npm.once('close', (code, signal) => {
      interrupted.stop()
      if (code === 0) resolve()
      else if (interrupted.by)
        reject(launchError('The installation was stopped', 128 + constants.signals[interrupted.by]))
      else reject(launchError(installFault(complaint, signal || `exit code ${code}`, root)))
    })
  })
}

// who stops us stops npm, and we stay until it has taken back what it wrote: else the next start meets it at work
function passSignals(npm) {
  let timer
  const interrupted = {
    by: undefined,
    stop() {
      clearTimeout(timer)
      for (const signal of SIGNALS) process.off(signal, passOn)
    }
  }
  const passOn = signal => {
    if (interrupted.by) return
    interrupted.by = signal
    // Ctrl-C reaches npm by itself, and a second one would end it at once
    timer = setTimeout(() => npm.kill(signal), signal === 'SIGINT' ? PATIENCE_MS : 0)
  }
  for (const signal of SIGNALS) process.on(signal, passOn)
  return interrupted
}

const PATIENCE_MS = 2_500
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

const FAULTS = [
  [/\b(EACCES|EPERM|EROFS)\b/, 'this user may not write there'],
  [/\bENOSPC\b/, 'the disk is full'],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/,
    'the npm registry cannot be reached; check the network and try again'
  ]
]

/** One line that says why npm could not install, from what it printed. */
export function installFault(complaint, ending, root) {
  const known = FAULTS.find(([pattern]) => pattern.test(complaint))
  const code = known?.[0].exec(complaint)[0]
  const reason = known ? `${known[1]} (${code})` : firstSentence(complaint) || ending
  return `The dependencies cannot be installed in ${root}: ${reason}`
}

function firstSentence(complaint) {
  return complaint
    .split('\n')
    .map(line => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .find(line => line !== '' && !line.startsWith('code '))
}
