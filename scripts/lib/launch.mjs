import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installMissing } from './install.mjs'
import { projectNode } from './project-node.mjs'
import { superviseChild } from './supervise-child.mjs'

/** The folder of the whole project. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

// halves the processor time of a start: https://nodejs.org/api/module.html#module-compile-cache
const compileCache = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node') }

const PACKAGE_OF = { biome: '@biomejs/biome', tsc: 'typescript' }

/** Node options for programs that know nothing of the process that started them: they end with it. */
export const stopWithParent = ['--import', new URL('./stop-with-parent.mjs', import.meta.url).href]

/** Path of the program that an installed package names in its `bin`. */
export function programOf(name) {
  const path = join(root, 'node_modules', PACKAGE_OF[name] ?? name)
  const { bin } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  return join(path, bin[name])
}

/**
 * Installs what is missing, runs `node ...args` under the project's own Node, and ends with its exit code. `args` may
 * be a function that looks at what is installed. What goes wrong before is one line on standard error and exit code 3,
 * that of everything which could not run.
 */
export async function launch(args, { cwd = root } = {}) {
  try {
    await installMissing(root)
    const wanted = typeof args === 'function' ? args() : args
    process.exitCode = await superviseChild(projectNode(root), wanted, {
      cwd,
      env: { ...compileCache, ...process.env }
    })
  } catch (error) {
    process.stderr.write(`${error.expected ? error.message : error.stack}\n`)
    process.exitCode = error.exitCode ?? 3
  }
}
