import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { repositoryRoot } from '@bookstore/testing'
import { expect, test } from 'vitest'

const SCRIPTS = {
  'test:faults': 'test/faults/main.ts',
  soak: 'test/faults/soak.ts',
  'test:abuse': 'test/abuse/main.ts',
  'test:mesh': 'test/mesh/main.ts',
  pictures: 'test/pictures/main.ts',
  bench: 'test/bench/main.ts',
  'bench:verdict': 'packages/verdict/bench/main.ts'
} as const

function run(script: keyof typeof SCRIPTS, ...args: readonly string[]) {
  const env = { ...process.env, KUBECONFIG: '/nowhere' }
  return promisify(execFile)(process.execPath, [SCRIPTS[script], ...args], { cwd: repositoryRoot, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => error
  )
}

test.each(Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[])('npm run %s -- --help says what it does', async script => {
  const { code, stdout } = await run(script, '--help')
  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`^Usage: npm run ${script}[ \n].*Exit code: 0`, 's'))
})

test.each([
  ['test:faults', ['nosuchfault'], /^expected a word of the name of a fault, got "nosuchfault"; the faults are\n/],
  ['soak', ['--minutes', 'x'], /^--minutes: expected a number of at least 0\.1, got "x"; --help tells more\n$/],
  ['test:abuse', ['many'], /^CONNECTIONS: expected a number of at least 1, got "many"; --help tells more\n$/],
  ['bench', ['all'], /^expected options, got "all"; --help tells more\n$/],
  ['bench:verdict', ['--fast'], /^Unknown option '--fast'; --help tells more\n$/],
  [
    'test:mesh',
    [],
    /^(no cluster answers \(KUBECONFIG\): .*|(kubectl|helm) is needed and is not in PATH); --help tells/
  ]
] as const)('npm run %s -- %j is refused with a sentence and code 3', async (script, args, sentence) => {
  const { code, stdout, stderr } = await run(script, ...args)
  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toMatch(sentence)
  expect(stderr).not.toMatch(/^ {4}at /m)
})
