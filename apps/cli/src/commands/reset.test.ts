import { readdir, writeFile } from 'node:fs/promises'
import { repositoryRoot, tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'
import { startPolicies } from '../up/data-dir.ts'
import { writeRunFile } from '../up/run-file.ts'

const first = `${repositoryRoot}deploy/policies/permissive-on.yaml`

test('a start keeps what was applied before, and reset takes it away', async () => {
  await using dir = await tempDir()
  const policyDir = dir.join('policies')
  const bookstore = async (...args: readonly string[]) => {
    const context = testContext({ env: { BOOKSTORE_DATA_DIR: dir.path }, root: repositoryRoot, cwd: dir.path })
    return { code: await runCli(args, context), out: context.printed.join('\n') }
  }
  expect(startPolicies(policyDir, first)).toBe(0)
  expect(await bookstore('apply', `${repositoryRoot}deploy/policies/split-90-10.yaml`)).toMatchObject({ code: 0 })
  await writeFile(dir.join('policies', 'broken.yaml'), 'kind: [')
  expect(startPolicies(policyDir, first)).toBe(3)
  expect((await readdir(policyDir)).length).toBe(3)

  const { code, out } = await bookstore('reset')
  expect(code).toBe(0)
  expect(out).toContain(`3 removed from ${policyDir}`)
  expect(out).toContain('Permissive mode is on')
  expect(await readdir(policyDir)).toEqual(['meshconfig.osm-system.osm-mesh-config.yaml'])
})

test('a start refuses policies that cannot be read, and a folder that is not there', async () => {
  await using dir = await tempDir()
  startPolicies(dir.join('policies'), first)
  await writeFile(dir.join('policies', 'broken.yaml'), 'kind: [')
  const start = async (env: Readonly<Record<string, string>>) => {
    const context = testContext({ env: { BOOKSTORE_DATA_DIR: dir.path, ...env }, root: repositoryRoot, cwd: dir.path })
    return { code: await runCli(['up'], context), err: context.complained.join('') }
  }
  const ports = Object.fromEntries(
    ['BOOKBUYER', 'BOOKSTORE_V1', 'BOOKSTORE_V2', 'BOOKWAREHOUSE', 'BOOKTHIEF'].map(name => [`${name}_PORT`, '0'])
  )
  expect(await start(ports)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/mend them, or start afresh with npx bookstore reset:\n.*broken\.yaml/)
  })
  const missing = dir.join('nope')
  expect(await start({ ...ports, POLICY_DIR: missing })).toMatchObject({
    code: 3,
    err: expect.stringContaining(`POLICY_DIR: ${missing}: expected a folder of policies, got none`)
  })
})

test('reset never empties a folder of the user, named or followed by a run', async () => {
  await using dir = await tempDir()
  await using own = await tempDir()
  await writeFile(own.join('mine.yaml'), 'kind: Mine')
  const reset = async (env: Readonly<Record<string, string>>) => {
    const context = testContext({ env: { BOOKSTORE_DATA_DIR: dir.path, ...env }, root: repositoryRoot, cwd: dir.path })
    return { code: await runCli(['reset'], context), err: context.complained.join('') }
  }
  const refused = { code: 1, err: expect.stringContaining(`${own.path} is a folder of your own and is not emptied`) }
  expect(await reset({ POLICY_DIR: own.path })).toMatchObject(refused)
  writeRunFile(dir.path, { pid: process.pid, policyDir: own.path, urls: {}, pids: {} })
  expect(await reset({})).toMatchObject(refused)
  expect(await readdir(own.path)).toEqual(['mine.yaml'])
})
