import { readdir, readFile, writeFile } from 'node:fs/promises'
import { repositoryRoot, type TempDir, tempDir } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'
import { writeRunFile } from '../up/run-file.ts'

const policies = `${repositoryRoot}deploy/policies`

async function bookstore(
  dir: TempDir,
  args: readonly string[],
  input = '',
  more: Readonly<Record<string, string>> = {}
) {
  // a data folder of its own: a bookstore that runs on this machine is not this test's business
  const context = testContext({
    env: { BOOKSTORE_DATA_DIR: dir.path, ...more },
    cwd: dir.path,
    input
  })
  const code = await runCli(args, context)
  return { code, out: context.printed.join('\n'), err: context.complained.join('') }
}

describe('bookstore apply', () => {
  test('creates, configures and leaves alone, in the words of kubectl, and says what it means', async () => {
    await using dir = await tempDir()
    const first = await bookstore(dir, ['apply', '-f', `${policies}/split-50-50.yaml`])
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toMatch(/^trafficsplit\.split\.smi-spec\.io\/bookstore-split created\n/)
    expect(first.out).toContain('bookstore-v1 50 %, bookstore-v2 50 %')
    const again = await bookstore(dir, ['apply', '-f', `${policies}/split-50-50.yaml`])
    expect(again.out).toMatch(/bookstore-split unchanged\n/)
    const other = await bookstore(dir, ['apply', '-f', `${policies}/split-90-10.yaml`])
    expect(other.out).toMatch(/bookstore-split configured\n/)
    expect(other.out).toContain('bookstore-v1 90 %, bookstore-v2 10 %')
    expect(await readdir(dir.join('policies'))).toEqual(['trafficsplit.bookstore.bookstore-split.yaml'])
  })

  test('takes standard input, and a folder with all its files', async () => {
    await using dir = await tempDir()
    const text = await readFile(`${policies}/permissive-off.yaml`, 'utf8')
    expect(await bookstore(dir, ['apply', '-f', '-'], text)).toMatchObject({ code: 0 })
    await using source = await tempDir()
    await writeFile(source.join('a.yaml'), await readFile(`${policies}/access-buyer.yaml`))
    await writeFile(source.join('notes.txt'), 'not a policy')
    const { code, out } = await bookstore(dir, ['apply', '-f', source.path])
    expect(code).toBe(0)
    expect(out).toContain('traffictarget.access.smi-spec.io/bookstore created')
    expect(out).toContain('bookthief -> bookstore-v1: denied')
  })

  test('writes nothing when one file of several has an error, and names file, line and field', async () => {
    await using dir = await tempDir()
    const broken = (await readFile(`${policies}/split-50-50.yaml`, 'utf8')).replace('weight: 50', 'weight: -50')
    await writeFile(dir.join('broken.yaml'), broken)
    const { code, out, err } = await bookstore(dir, [
      'apply',
      '-f',
      `${policies}/permissive-off.yaml`,
      '-f',
      'broken.yaml'
    ])
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(/^broken\.yaml:\d+: spec\.backends\[0\]\.weight: expected .*-50/)
    expect(await readdir(dir.path)).toEqual(['broken.yaml'])
  })

  test('replaces an object that a file of another name holds', async () => {
    await using dir = await tempDir()
    await writeFile(dir.join('mine.yaml'), await readFile(`${policies}/split-50-50.yaml`))
    const { out } = await bookstore(dir, ['apply', '-f', `${policies}/split-90-10.yaml`, '--policy-dir', '.'])
    expect(out).toMatch(/bookstore-split configured\n/)
    expect(await readdir(dir.path)).toEqual(['trafficsplit.bookstore.bookstore-split.yaml'])
  })

  test('puts objects without a namespace into the one that is asked for, and refuses another one', async () => {
    await using dir = await tempDir()
    const text = await readFile(`${policies}/split-50-50.yaml`, 'utf8')
    const bare = text.replace(/^ {2}namespace: bookstore\n/m, '')
    await bookstore(dir, ['apply', '-f', '-', '-n', 'bookstore'], bare)
    expect(await readdir(dir.join('policies'))).toEqual(['trafficsplit.bookstore.bookstore-split.yaml'])
    const other = await bookstore(dir, ['apply', '-f', '-', '-n', 'other'], text)
    expect(other).toMatchObject({ code: 1, out: '' })
    expect(other.err).toContain('expected namespace other')
  })

  test('names a file that is not there', async () => {
    await using dir = await tempDir()
    const { code, err } = await bookstore(dir, ['apply', '-f', 'nowhere.yaml'])
    expect(code).toBe(3)
    expect(err).toBe('nowhere.yaml: there is no such file\n')
  })
})

describe('a second MeshConfig', () => {
  const elsewhere = async () =>
    (await readFile(`${policies}/permissive-off.yaml`, 'utf8')).replace(
      'namespace: osm-system',
      'namespace: kube-system'
    )

  test('is refused and changes nothing', async () => {
    await using dir = await tempDir()
    await bookstore(dir, ['apply', '-f', `${policies}/permissive-on.yaml`])
    const { code, err } = await bookstore(dir, ['apply', '-f', '-'], await elsewhere())
    expect(code).toBe(1)
    expect(err).toMatch(/^standard input:\d+: metadata\.name: expected one MeshConfig for the mesh/)
    expect(await readdir(dir.join('policies'))).toEqual(['meshconfig.osm-system.osm-mesh-config.yaml'])
  })

  test('is not what delete takes away under another name', async () => {
    await using dir = await tempDir()
    await bookstore(dir, ['apply', '-f', `${policies}/permissive-on.yaml`])
    const { code, err } = await bookstore(dir, ['delete', '-f', '-'], await elsewhere())
    expect([code, err]).toEqual([1, 'meshconfig.config.openservicemesh.io "osm-mesh-config" not found\n'])
    expect(await readdir(dir.join('policies'))).toHaveLength(1)
  })
})

describe('bookstore delete', () => {
  test('takes away what was applied', async () => {
    await using dir = await tempDir()
    await bookstore(dir, ['apply', '-f', `${policies}/split-50-50.yaml`])
    const { code, out } = await bookstore(dir, ['delete', '-f', `${policies}/split-90-10.yaml`])
    expect(code).toBe(0)
    expect(out).toMatch(/^trafficsplit\.split\.smi-spec\.io "bookstore-split" deleted\n/)
    expect(await readdir(dir.join('policies'))).toEqual([])
  })

  test('knows a kind by its word, and does not take a wrong one for a file', async () => {
    await using dir = await tempDir()
    const { code, err } = await bookstore(dir, ['delete', 'traficsplit', 'bookstore-split'])
    expect(code).toBe(3)
    expect(err).toMatch(/expected a kind of meshconfig, .* got "traficsplit"; did you mean trafficsplit\?/)
    expect((await bookstore(dir, ['delete', 'split.yaml', 'other.yaml'])).err).toBe(
      'split.yaml: there is no such file\n'
    )
  })

  test('says what was not there, with exit code 1 unless that is no fault', async () => {
    await using dir = await tempDir()
    const file = `${policies}/split-50-50.yaml`
    const { code, err } = await bookstore(dir, ['delete', '-f', file])
    expect(code).toBe(1)
    expect(err).toBe('trafficsplit.split.smi-spec.io "bookstore-split" not found\n')
    expect(await bookstore(dir, ['delete', '-f', file, '--ignore-not-found'])).toMatchObject({
      code: 0,
      err: ''
    })
  })
})

describe('a folder that is not there', () => {
  const questions = [['get'], ['explain', 'bookbuyer', 'bookstore', 'GET', '/'], ['analyze']] as const

  test('reads as nothing declared to nobody who named it', async () => {
    await using dir = await tempDir()
    const missing = dir.join('typo')
    for (const question of questions) {
      const { code, out, err } = await bookstore(dir, [...question, '--policy-dir', missing])
      expect([code, out, err], question[0]).toEqual([3, '', `${missing}: expected a folder of policies, got none\n`])
    }
  })

  test('nor to anybody while a running bookstore follows it and keeps what it had', async () => {
    await using dir = await tempDir()
    writeRunFile(dir.path, { pid: process.pid, policyDir: dir.join('policies'), urls: {}, pids: {} })
    const gone = `${dir.join('policies')}: expected a folder of policies, got none; the mesh keeps the policies it had`
    for (const question of questions) {
      expect(await bookstore(dir, question), question[0]).toEqual({ code: 3, out: '', err: `${gone}\n` })
    }
    const { code, out } = await bookstore(dir, ['policies'])
    expect(code).toBe(1)
    expect(out).toContain(gone)
    expect(out).not.toContain('everybody may reach everybody')
  })

  test.runIf(process.platform === 'linux')('and that nobody can make is refused at once', async () => {
    await using dir = await tempDir()
    const { code, err } = await bookstore(dir, ['apply', `${policies}/split-50-50.yaml`, '--policy-dir', '/proc/no'])
    expect([code, err]).toEqual([3, expect.stringMatching(/^the policies in \/proc\/no cannot be written \(E\w+\)/)])
  })
})

describe('bookstore policies', () => {
  test('does not take a folder for empty that is named and not there', async () => {
    await using dir = await tempDir()
    const missing = dir.join('typo')
    const { code, err } = await bookstore(dir, ['policies', '--policy-dir', missing])
    expect([code, err]).toEqual([3, `${missing}: expected a folder of policies, got none\n`])
  })

  test('says what is in force, and that nothing declared means everything allowed', async () => {
    await using dir = await tempDir()
    const empty = await bookstore(dir, ['policies'])
    expect(empty.code).toBe(0)
    expect(empty.out).toContain('No policies in')
    await bookstore(dir, ['apply', '-f', `${policies}/permissive-off.yaml`])
    const { out } = await bookstore(dir, ['policies'])
    expect(out).toContain('MeshConfig osm-system/osm-mesh-config')
    expect(out).toContain('bookbuyer -> bookstore-v1: denied')
  })

  test('reports a broken file with exit code 1', async () => {
    await using dir = await tempDir()
    await writeFile(dir.join('broken.yaml'), 'kind: [')
    const { code, out } = await bookstore(dir, ['policies', '--policy-dir', dir.path, '-o', 'json'])
    expect(code).toBe(1)
    expect(JSON.parse(out).errors).toEqual([expect.stringMatching(/^broken\.yaml:1: expected YAML/)])
  })
})

describe('bookstore explain', () => {
  test('answers with the nearest miss and exit code 1, or with the rule and exit code 0', async () => {
    await using dir = await tempDir()
    await bookstore(dir, ['apply', '-f', `${policies}/permissive-off.yaml`, '-f', `${policies}/access-buyer.yaml`])
    const denied = await bookstore(dir, ['explain', 'bookthief', 'bookstore-v1', 'GET', '/buy-a-book/new'])
    expect(denied.code).toBe(1)
    expect(denied.out).toContain('bookthief is not a source of TrafficTarget')
    const allowed = await bookstore(dir, ['explain', 'bookbuyer', 'bookstore', 'GET', '/buy-a-book/new'])
    expect(allowed.code).toBe(0)
    expect(allowed.out).toContain('bookbuyer -> bookstore-v2 GET /buy-a-book/new: allowed by')
  })

  test('lists the names it knows for one it does not', async () => {
    await using dir = await tempDir()
    const { code, err } = await bookstore(dir, ['explain', 'nobody', 'bookstore', 'GET', '/'])
    expect(code).toBe(3)
    expect(err).toMatch(/expected a source of bookbuyer, bookthief.* got nobody/)
  })
})

test('MESH_TOPOLOGY may be the path of a file, as the services take it', async () => {
  await using dir = await tempDir()
  const shop = {
    workloads: [
      { name: 'shopper', namespace: 'a', serviceAccount: 'shopper', labels: {} },
      { name: 'shop', namespace: 'b', serviceAccount: 'shop', labels: { app: 'shop' } }
    ],
    services: []
  }
  await writeFile(dir.join('topology.json'), JSON.stringify(shop))
  const question = ['explain', 'shopper', 'shop', 'GET', '/']
  const asked = (path: string) => bookstore(dir, question, '', { MESH_TOPOLOGY: dir.join(path) })
  expect(await asked('topology.json')).toMatchObject({ code: 0, err: '' })
  expect(await asked('missing.json')).toMatchObject({
    code: 3,
    err: expect.stringMatching(/MESH_TOPOLOGY: expected .* got .*ENOENT/)
  })
})

describe('a set that is not in force', () => {
  const broken = 'apiVersion: split.smi-spec.io/v1alpha2\nkind: TrafficSplit\nmetadata: {name: x}\nspec: {service: y}\n'

  test('is no success: apply and delete say what holds and end with 1', async () => {
    await using dir = await tempDir()
    await bookstore(dir, ['apply', `${policies}/split-50-50.yaml`])
    await writeFile(dir.join('policies', 'broken.yaml'), broken)
    const applied = await bookstore(dir, ['apply', '-f', `${policies}/permissive-off.yaml`])
    expect(applied.code).toBe(1)
    expect(applied.out).toContain('NOT IN FORCE: the mesh keeps the policies it had, because of:')
    expect(applied.out).toContain('broken.yaml')
    expect(await bookstore(dir, ['delete', `${policies}/permissive-off.yaml`])).toMatchObject({
      code: 1,
      out: expect.stringContaining('NOT IN FORCE')
    })
  })

  test('is listed whole: of two MeshConfigs both', async () => {
    await using dir = await tempDir()
    await bookstore(dir, ['apply', `${policies}/permissive-off.yaml`])
    const first = 'meshconfig.osm-system.osm-mesh-config.yaml'
    const text = await readFile(dir.join('policies', first), 'utf8')
    await writeFile(dir.join('policies', 'second.yaml'), text.replace('namespace: osm-system', 'namespace: other'))
    const { code, out } = await bookstore(dir, ['policies'])
    expect(code).toBe(1)
    expect(out).toContain('MeshConfig osm-system/osm-mesh-config')
    expect(out).toContain('MeshConfig other/osm-mesh-config')
  })

  test('files may stand without -f, and it is said when nothing follows the folder', async () => {
    await using dir = await tempDir()
    const files = [`${policies}/permissive-off.yaml`, `${policies}/split-90-10.yaml`]
    const { code, out } = await bookstore(dir, ['apply', ...files])
    expect(code).toBe(0)
    expect(out).toContain('bookstore-v1 90 %, bookstore-v2 10 %')
    expect(out).toContain(`No running bookstore follows ${dir.join('policies')}; npm start starts one.`)
  })
})
