import { fileURLToPath } from 'node:url'
import { installMissing } from './install.mjs'
import { projectNode } from './project-node.mjs'
import { superviseChild } from './supervise-child.mjs'

/** The folder of the whole project. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** Node options for programs that know nothing of the process that started them: they end with it. */
export const stopWithParent = ['--import', new URL('./stop-with-parent.mjs', import.meta.url).href]

/**
 * Installs what is missing, runs `node ...args` under the project's own Node, and ends with its exit code.
 * What goes wrong before is one line on standard error and exit code 1.
 */
export async function launch(args, { cwd = root } = {}) {
  try {
    await installMissing(root)
    process.exitCode = await superviseChild(projectNode(root), args, { cwd })
  } catch (error) {
    process.stderr.write(`${error.expected ? error.message : error.stack}\n`)
    process.exitCode = 1
  }
}
