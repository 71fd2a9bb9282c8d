import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether node_modules holds what package-lock.json asks for, by npm's own record of what it installed. */
export function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const record = join(root, 'node_modules', '.package-lock.json')
  const found = existsSync(record) ? readPackages(record) : {}
  return Object.entries(wanted).every(([path, entry]) => path === '' || isSame(entry, found[path]))
}

// optional packages are there on the platforms they are for, and only those
function isSame(wanted, found) {
  if (found === undefined) return Boolean(wanted.optional || wanted.devOptional)
  return wanted.version === found.version && wanted.link === found.link
}

// an unreadable record is no record: npm writes it anew
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages || {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
