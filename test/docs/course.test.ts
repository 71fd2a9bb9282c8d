import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bareEnvironment, RARE_ALARMS, repositoryRoot, tempDir, waitFor } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { runCli } from '../../apps/cli/src/cli.ts'
import { testContext } from '../../apps/cli/test/test-context.ts'

interface Step {
  readonly command: string
  readonly code: number
  /** Lines that the last command of a block prints, with `…` for anything. */
  readonly printed: readonly string[]
}

/**
 * The `npx bookstore` and `sed` commands of a page in their order; a block marked `sh exit=1` says how they end, a block
 * of text right below it what the last one prints.
 */
function stepsOf(page: string): readonly Step[] {
  const text = readFileSync(join(repositoryRoot, page), 'utf8')
  const blocks = text.matchAll(/^```sh(?: exit=(\d))?\n(.*?)^```(?:\n\n```text\n(.*?)^```)?/gms)
  return [...blocks].flatMap(([, code = '0', block = '', printed = '']) => {
    const commands = block
      .split('\n')
      .map(line => line.replace(/\s+#.*/, '').trim())
      .filter(line => /^(npx bookstore|sed) /.test(line))
    return commands.map((command, at) => ({
      command,
      code: Number(code),
      printed: at === commands.length - 1 ? printed.split('\n').filter(Boolean) : []
    }))
  })
}

/** Whether a line of the output looks so: `…` stands for anything, and spaces of tables for any number of them. */
function isPrinted(expected: string, output: string): boolean {
  const parts = expected.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ {2,}/g, ' +'))
  return new RegExp(`^${parts.join('.*')}$`, 'm').test(output)
}

// the buyer is started last, and named when it listens
function isRunning(runFile: string): boolean {
  return existsSync(runFile) && 'bookbuyer' in JSON.parse(readFileSync(runFile, 'utf8')).pids
}

test('every command of docs/course.md does what the page says', { timeout: 900_000 }, async () => {
  await using folder = await tempDir()
  const env = {
    ...bareEnvironment(),
    HOME: folder.path,
    BOOKSTORE_DATA_DIR: folder.join('.data'),
    // quick, and yet slow enough for a busy machine to read all books between two purchases
    CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.1',
    VERDICT_SETTLE_SECONDS: '1',
    ...RARE_ALARMS,
    ...Object.fromEntries(
      ['BOOKBUYER', 'BOOKTHIEF', 'BOOKSTORE_V1', 'BOOKSTORE_V2', 'BOOKWAREHOUSE'].map(app => [`${app}_PORT`, '0'])
    )
  }
  const up = spawn(process.execPath, ['apps/cli/src/main.ts', 'up'], {
    cwd: repositoryRoot,
    env,
    // by the channel it sees when we are gone, and ends; else it would run on and hold our output open
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  })
  const ended = once(up, 'exit')
  try {
    await waitFor(() => isRunning(folder.join('.data', 'up.json')))
    const steps = stepsOf('docs/course.md')
    expect(steps.length).toBeGreaterThan(15)
    for (const { command, code, printed } of steps) {
      if (command.startsWith('sed ')) {
        execFileSync('sh', ['-c', command], { cwd: folder.path })
        continue
      }
      const args = command.split(' ').slice(2)
      const context = testContext({ env })
      const ended = await runCli(args, context)
      const output = context.printed.join('\n')
      const all = [command, output, ...context.complained].join('\n')
      expect(ended, all).toBe(code)
      expect(
        printed.filter(line => !isPrinted(line, output)),
        all
      ).toEqual([])
    }
  } finally {
    up.kill('SIGINT')
    expect((await ended)[0]).toBe(0)
  }
})
