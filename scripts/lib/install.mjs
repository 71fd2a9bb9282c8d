import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
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
    accessSync(root, constants.W_OK)
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
    npm.once('error', error => reject(launchError(`npm cannot be run (${error.code}); install it`)))
    npm.once('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(launchError(installFault(complaint, signal || `exit code ${code}`, root)))
    })
  })
}

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
