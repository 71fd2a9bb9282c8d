import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '@bookstore/common'
import { describe, expect, test } from 'vitest'
import { readBookstoreConfig } from '../../apps/bookstore/src/config.ts'
import { readWarehouseConfig } from '../../apps/bookwarehouse/src/config.ts'
import { readUpConfig } from '../../apps/cli/src/up/up-config.ts'
import { readShopperConfig } from '../../packages/shopper/src/config.ts'

const root = join(import.meta.dirname, '../..')
const fileText = (path: string) => readFile(join(root, path), 'utf8')

const COMMON = 'Every app'
/** Where the settings of each section of the page are read. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  [COMMON]: ['packages/common/src/service-config.ts'],
  'bookbuyer and bookthief': ['packages/shopper/src/config.ts'],
  bookstore: ['apps/bookstore/src/config.ts'],
  bookwarehouse: ['apps/bookwarehouse/src/config.ts', 'apps/bookwarehouse/src/database-target.ts'],
  '`npm start`': ['apps/cli/src/up/up-config.ts']
}
const SECTIONS = Object.keys(SOURCES)
const ofApps = (env: Env) => [
  readShopperConfig('bookbuyer', env, []),
  readShopperConfig('bookthief', env, []),
  readBookstoreConfig(env, []),
  readWarehouseConfig(env, [])
]
const ofNpmStart = (env: Env) => readUpConfig(env, { root: '/clone', cwd: '/clone' })

const rows = parseRows(await fileText('docs/configuration.md'))

/** The rows of the page's tables: variables, and as many defaults when every one of them is a plain value. */
function parseRows(page: string) {
  return page.split(/^## /m).flatMap(part => {
    const [section = '', ...lines] = part.split('\n')
    return lines
      .filter(line => line.startsWith('| `'))
      .map(line => {
        const [, names = '', defaults = ''] = line.split('|')
        return { section, names: codesIn(names), defaults: codesIn(defaults) }
      })
  })
}

function codesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

const documentedIn = (section: string) => rows.filter(row => row.section === section).flatMap(row => row.names)

async function readIn(section: string): Promise<readonly string[]> {
  const texts = await Promise.all((SOURCES[section] ?? []).map(fileText))
  return texts.flatMap(text => [...text.matchAll(/'([A-Z][A-Z\d]*(?:_[A-Z\d]+)*)'/g)].map(([, name = '']) => name))
}

describe('docs/configuration.md', () => {
  test.each(SECTIONS)('has every setting that is read for %s', async section => {
    const known = [...documentedIn(section), ...documentedIn(COMMON)]
    const read = await readIn(section)
    expect(read.length).toBeGreaterThan(3)
    expect(read.filter(name => !known.includes(name))).toEqual([])
  })

  test.each(SECTIONS)('has no setting for %s that nobody reads', async section => {
    const places = section === COMMON ? SECTIONS : [section]
    const read = (await Promise.all(places.map(readIn))).flat()
    const unread = documentedIn(section).filter(name => !read.includes(name))
    expect(unread.filter(name => !name.startsWith('OTEL_'))).toEqual([])
  })

  test.each(
    rows
      .filter(({ names, defaults }) => names.length === defaults.length)
      .map(row => [row.names.join(', '), row] as const)
  )('says the default of %s', (_title, { section, names, defaults }) => {
    const read = section === '`npm start`' ? ofNpmStart : ofApps
    const env = Object.fromEntries(names.map((name, at) => [name, defaults[at]]))
    expect(read(env)).toEqual(read({}))
  })
})
