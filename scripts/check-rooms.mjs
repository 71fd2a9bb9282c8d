// `npm run rooms`: imports go from a higher room to a lower one (docs/architecture.md). What a file may import is what
// its package declares, which Biome holds; here the declarations are held, and that nobody goes around them by a
// relative path.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Lowest first; rooms of one row do not know each other. */
const ROWS = [
  ['contract'],
  ['common', 'policy', 'verdict'],
  ['cluster', 'local-mesh', 'testing'],
  ['shopper'],
  ['bookbuyer', 'bookthief', 'bookstore', 'bookwarehouse', 'cli']
]

const root = process.argv[2] ? resolve(process.argv[2]) : fileURLToPath(new URL('..', import.meta.url))
const faults = [...dependenciesUpwards(), ...importsAroundPackages()]
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1

function dependenciesUpwards() {
  return globSync('{apps,packages}/*/package.json', { cwd: root }).flatMap(path => {
    const { name, dependencies = {} } = JSON.parse(readFileSync(join(root, path), 'utf8'))
    const own = rowOf(name)
    if (own < 0) return [`${path}: expected ${name} to have a row in scripts/check-rooms.mjs`]
    return Object.keys(dependencies)
      .filter(other => other.startsWith('@bookstore/') && rowOf(other) >= own)
      .map(other => `${path}: ${name} is no higher than ${other} and must not depend on it`)
  })
}

function rowOf(name) {
  return ROWS.findIndex(row => row.includes(name.replace('@bookstore/', '')))
}

function importsAroundPackages() {
  return globSync('{apps,packages}/*/src/**/*.ts', { cwd: root }).flatMap(path => {
    const [kind, name] = path.split(sep)
    const forbidden = /^(\.\.|test|test-support)([/\\]|$)/
    if (path.endsWith('.test.ts')) return []
    return relativeImports(path)
      .filter(target => forbidden.test(relative(join(root, kind, name), target)))
      .map(target => `${path}: must not import ${relative(root, target)}`)
  })
}

function relativeImports(path) {
  const text = readFileSync(join(root, path), 'utf8')
  const found = text.matchAll(/(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g)
  return Array.from(found, ([, target]) => resolve(root, dirname(path), target))
}
