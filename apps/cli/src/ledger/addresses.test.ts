import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { writeRunFile } from '../up/run-file.ts'
import { findService } from './addresses.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'addresses-'))
afterAll(() => rmSync(dataDir, { recursive: true }))
const context = () => testContext({ env: { BOOKSTORE_DATA_DIR: dataDir } })

test('where nothing runs, the usual port is asked and that is said', async () => {
  const world = context()
  expect((await findService('bookbuyer', '--url', undefined, world)).url).toBe('http://127.0.0.1:14001')
  expect(world.complained).toEqual([
    `no bookstore runs from ${dataDir}: asking whoever listens at http://127.0.0.1:14001 (--url names another)\n`
  ])
})

test('a named address is asked without a word, and only that of the run has its policies', async () => {
  const world = context()
  expect(await findService('bookbuyer', '--url', 'http://shop', world)).toMatchObject({ policyDir: undefined })
  const url = 'http://127.0.0.1:1'
  writeRunFile(dataDir, { pid: process.pid, policyDir: '/policies', urls: { bookbuyer: url }, pids: {} })
  expect(await findService('bookbuyer', '--url', undefined, world)).toEqual({ url, policyDir: '/policies' })
  expect(await findService('bookbuyer', '--url', url, world)).toEqual({ url, policyDir: '/policies' })
  expect(await findService('bookbuyer', '--url', 'http://shop', world)).toMatchObject({ policyDir: undefined })
  expect(world.complained).toEqual([])
})
