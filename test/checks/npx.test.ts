import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot, tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'

// npm finds no installed program there, and without a bin of the root it asks the registry for somebody else's
test('npx bookstore before anything is installed runs ours, which installs what it needs', async () => {
  await using clone = await tempDir()
  for (const path of ['package.json', 'package-lock.json', 'apps/cli/bin', 'apps/cli/package.json', 'scripts/lib'])
    cpSync(join(repositoryRoot, path), clone.join(path), { recursive: true })
  const env = {
    PATH: process.env['PATH'],
    HOME: clone.join('home'),
    // nobody listens there
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0'
  }
  const { code, stderr } = await promisify(execFile)('npx', ['bookstore', 'version'], { cwd: clone.path, env }).then(
    () => ({ code: 0, stderr: '' }),
    (error: { readonly code: number; readonly stderr: string }) => error
  )
  expect(stderr).toContain('Installing dependencies (once, about 30 s) …\n')
  expect(stderr).toContain(`The dependencies cannot be installed in ${clone.path}: `)
  expect(code).toBe(3)
})
