import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Every workspace is a project of the name it has in its package.json. Written out, because a project that is only
// named by a folder does not take over the timeouts below.
const roots = ['apps', 'packages'].flatMap(folder =>
  readdirSync(join(import.meta.dirname, folder)).map(name => `${folder}/${name}`)
)

export default defineConfig({
  test: {
    projects: [...roots, 'test'].filter(hasPackage).map(root => ({
      extends: true as const,
      test: { name: nameOf(root), root }
    })),
    // most files wait for processes of their own, so three of them share two cores well
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // no module has a state of its own, so a worker loads each of them once
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000
  }
})

function hasPackage(root: string): boolean {
  return existsSync(join(import.meta.dirname, root, 'package.json'))
}

function nameOf(root: string): string {
  return JSON.parse(readFileSync(join(import.meta.dirname, root, 'package.json'), 'utf8')).name
}
