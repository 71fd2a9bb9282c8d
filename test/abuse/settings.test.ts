import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { ConfigError, type Env } from '@bookstore/common'
import { repositoryRoot, startApp, tempDir } from '@bookstore/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBookstoreConfig } from '../../apps/bookstore/src/config.ts'
import { readWarehouseConfig } from '../../apps/bookwarehouse/src/config.ts'
import { readShopperConfig } from '../../packages/shopper/src/config.ts'
import type { AppName } from './shop.ts'

type Read = (env: Env, argv: readonly string[]) => unknown

const READERS: readonly (readonly [AppName, string, Read])[] = [
  ['bookstore', 'apps/bookstore/src/config.ts', readBookstoreConfig],
  ['bookwarehouse', 'apps/bookwarehouse/src/config.ts', readWarehouseConfig],
  ['bookbuyer', 'packages/shopper/src/config.ts', (e, a) => readShopperConfig('bookbuyer', e, a)],
  ['bookthief', 'packages/shopper/src/config.ts', (e, a) => readShopperConfig('bookthief', e, a)]
]

const SECRET = 'hunter2hunter2'

/** The settings that the sources read, so that a new one is tested without being listed here. */
function settingsIn(file: string): string[] {
  const sources = [file, 'packages/common/src/service-config.ts', 'apps/bookwarehouse/src/database-target.ts']
  const text = sources.map(path => readFileSync(repositoryRoot + path, 'utf8')).join('\n')
  return [...new Set([...text.matchAll(/'([A-Z][A-Z_]+[A-Z])'/g)].map(match => match[1] ?? ''))]
}

const garbage = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map(text => text.replaceAll('\0', '')),
  fc.constantFrom(
    '',
    '-1',
    '1e9',
    '65536',
    'NaN',
    '0x10',
    '٣',
    'true',
    '[]',
    '{"workloads":1}',
    'a=1,a=2',
    'bookstore-v1=0',
    'http://',
    `http://me:${SECRET}@host/`,
    `mysql://me:${SECRET}@:3306`,
    `mysql//me:${SECRET}@host/db`,
    `mysql://me:${SECRET}@host/db?tls=${SECRET.slice(0, 3)}`,
    `postgres://me:${SECRET}@host/db`,
    `mysql://me:%${SECRET}@host/db`,
    'sqlite:',
    '/nowhere/at/all',
    'x'.repeat(50_000),
    'line\nbreak'
  )
)

// a password is expected in a URL and nowhere else; elsewhere it is shown like any other mistake
function withoutSecrets(variables: Readonly<Record<string, string>>): Record<string, string> {
  const isFit = ([name, value]: [string, string]) => name.endsWith('_URL') || !value.includes(SECRET)
  return Object.fromEntries(Object.entries(variables).filter(isFit))
}

const flag = fc.oneof(
  fc.constantFrom('--port', '-port=80', '--port=x', '--ident', '--path', './', '--', '-', '--help'),
  fc.string({ maxLength: 20 })
)

describe.each(READERS)('generated settings of the %s', (_app, file, read) => {
  const names = settingsIn(file)

  test('are read, or refused in lines that name the setting and tell no secret', () => {
    const env = fc
      .dictionary(fc.constantFrom(...names), garbage, { maxKeys: 6 })
      .map(variables => withoutSecrets(variables))
    let refused = 0
    const property = fc.property(env, fc.array(flag, { maxLength: 3 }), (variables, argv) => {
      try {
        read(variables, argv)
      } catch (error) {
        refused++
        expect(error).toBeInstanceOf(ConfigError)
        const { message } = error as Error
        expect(message).not.toContain(SECRET)
        expect(message.length).toBeLessThan(6_000)
        for (const line of message.split('\n')) {
          expect(line).toMatch(/^([A-Z][A-Z_]+|--[a-z]+): |^expected a flag of /)
        }
      }
    })
    fc.assert(property, { numRuns: 300, seed: 20_261_123 })
    expect(refused).toBeGreaterThan(30)
  })
})

describe('a process with settings that it cannot use', () => {
  test('ends with code 1 and one line for each mistake, without a stack trace', async () => {
    await using dir = await tempDir('bookstore-settings-')
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = String((taken.address() as AddressInfo).port)
    const cases: readonly (readonly [AppName, Record<string, string>, readonly string[], RegExp])[] = [
      ['bookstore', { PORT: 'x', SALE_DELAY_MS: 'fast' }, [], /^PORT: .*\nSALE_DELAY_MS: .*$/],
      ['bookstore', {}, ['--prot', '80'], /^expected a flag of --port, .*got "--prot"\n.*got "80"$/],
      ['bookstore', { OUTBOX_DIR: '/dev/null/outbox' }, [], /^OUTBOX_DIR: .*$/],
      ['bookwarehouse', { PORT: port }, [], /^PORT: .*another program.*$/],
      ['bookbuyer', { POLICY_DIR: dir.path, MESH_TOPOLOGY: '{' }, [], /^MESH_TOPOLOGY: .*$/]
    ]
    const found = await Promise.all(
      cases.map(async ([app, env, args]) => {
        const started = startApp({
          main: `apps/${app}/src/main.ts`,
          env,
          args,
          cwd: dir.path
        })
        const error = await started.then(
          async running => running.stop().then(() => new Error(`${app} started`)),
          (reason: Error) => reason
        )
        const [what = '', ...output] = error.message.split('\n')
        const records = /^\{"level":"info"/
        return { what, said: output.filter(line => !records.test(line)).join('\n') }
      })
    )
    taken.close()
    for (const [at, [app, , , said]] of cases.entries()) {
      const what = `apps/${app}/src/main.ts: expected it to listen, it ended with code 1`
      expect(found[at]).toEqual({ what, said: expect.stringMatching(said) })
    }
  })
})
