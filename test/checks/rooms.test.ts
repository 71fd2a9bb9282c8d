import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot, tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'

const check = async (files: Readonly<Record<string, string>>) => {
  await using dir = await tempDir()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(dir.join(path)), { recursive: true })
    writeFileSync(dir.join(path), text)
  }
  const run = promisify(execFile)(process.execPath, [`${repositoryRoot}scripts/check-rooms.mjs`, dir.path])
  return await run.then(
    ({ stderr }) => stderr,
    (error: { readonly stderr: string }) => error.stderr
  )
}

const packageOf = (name: string, ...others: readonly string[]) =>
  JSON.stringify({
    name: `@bookstore/${name}`,
    dependencies: Object.fromEntries(others.map(other => [`@bookstore/${other}`, '*']))
  })

test('a lower room may not depend on a higher one, nor on its neighbour', async () => {
  expect(await check({ 'packages/policy/package.json': packageOf('policy', 'contract') })).toBe('')
  const said = await check({
    'packages/contract/package.json': packageOf('contract', 'verdict'),
    'packages/policy/package.json': packageOf('policy', 'verdict'),
    'packages/attic/package.json': packageOf('attic')
  })
  expect(said).toContain('@bookstore/contract is no higher than @bookstore/verdict')
  expect(said).toContain('@bookstore/policy is no higher than @bookstore/verdict')
  expect(said).toContain('expected @bookstore/attic to have a row')
})

test('no source goes around a package by a relative path, or imports what is for tests', async () => {
  const own = "import { a } from './a.ts'\n"
  expect(await check({ 'packages/policy/src/b.ts': own })).toBe('')
  const said = await check({
    'packages/policy/src/b.ts': "import { c } from '../../verdict/src/c.ts'\n",
    'packages/policy/src/d/e.ts': "export { f } from '../../test-support/f.ts'\n",
    'packages/policy/src/b.test.ts': "import { f } from '../test-support/f.ts'\n"
  })
  expect(said.trim().split('\n').sort()).toEqual([
    'packages/policy/src/b.ts: must not import packages/verdict/src/c.ts',
    'packages/policy/src/d/e.ts: must not import packages/policy/test-support/f.ts'
  ])
})
