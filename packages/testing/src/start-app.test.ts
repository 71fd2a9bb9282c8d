import { writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot, startApp } from './start-app.ts'
import { tempDir } from './temp-dir.ts'

const LISTENS = `
setInterval(() => {}, 1000)
process.on('SIGTERM', () => process.exit(7))
console.log('first line', process.env.GREETING, process.argv[2])
console.error('DATABASE_URL is', process.env.DATABASE_URL)
process.send({ listening: { port: 1, metricsPort: 2 } })
`

test('gives the ports, the lines and the end of a process', async () => {
  await using dir = await tempDir()
  await writeFile(dir.join('app.mjs'), LISTENS)
  process.env['DATABASE_URL'] = 'a setting of the developer'
  const main = relative(repositoryRoot, dir.join('app.mjs'))
  await using app = await startApp({ main, env: { GREETING: 'hello' }, args: ['there'] })
  delete process.env['DATABASE_URL']
  expect(app).toMatchObject({ url: 'http://127.0.0.1:1', metricsUrl: 'http://127.0.0.1:2/metrics' })
  expect(await app.waitForLine(/^first/)).toBe('first line hello there')
  expect(await app.waitForLine(/DATABASE_URL/)).toBe('DATABASE_URL is undefined')
  await expect(app.waitForLine(/never/, { timeoutMs: 1 })).rejects.toThrow('/never/ within 1 ms')
  expect(await app.stop()).toEqual({ code: 7, signal: null })
})

test('a process that ends before it listens is told with its output', async () => {
  await using dir = await tempDir()
  await writeFile(dir.join('app.mjs'), "console.error('no such setting'); process.exit(3)")
  const main = relative(repositoryRoot, dir.join('app.mjs'))
  await expect(startApp({ main })).rejects.toThrow(/ended with code 3\n(.*\n)*no such setting/)
})
