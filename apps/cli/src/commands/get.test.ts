import { execFileSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { findProgram, repositoryRoot, requireTool, tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'

const POLICIES = `${repositoryRoot}deploy/policies`

async function declared(...files: readonly string[]) {
  const dir = await tempDir()
  const run = async (args: readonly string[], input = '') => {
    const context = testContext({ cwd: dir.path, env: { POLICY_DIR: 'policies' }, input })
    const code = await runCli(args, context)
    return { code, out: context.printed.join('\n'), err: context.complained.join('') }
  }
  await mkdir(dir.join('policies'))
  for (const file of files) await run(['apply', `${POLICIES}/${file}.yaml`])
  return { dir, run, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() }
}

test('get lists what was applied, by kind and name, in every output', async () => {
  await using shop = await declared('permissive-off', 'split-90-10')
  expect((await shop.run(['get', '-o', 'name'])).out.split('\n')).toEqual([
    'meshconfig.config.openservicemesh.io/osm-mesh-config',
    'trafficsplit.split.smi-spec.io/bookstore-split'
  ])
  expect((await shop.run(['get', 'TrafficSplits'])).out).toMatch(/\nbookstore +TrafficSplit +bookstore-split /)
  const list = JSON.parse((await shop.run(['get', 'trafficsplit', '-o', 'json'])).out)
  expect(list.items[0].spec.backends[0].weight).toBe(90)
  const yaml = await shop.run(['get', '-o', 'yaml'])
  expect(await shop.run(['apply', '-'], yaml.out)).toMatchObject({ code: 0, out: expect.stringContaining('unchanged') })
  expect((await shop.run(['get', 'trafficsplit', 'nope'])).code).toBe(1)
  const both = await shop.run(['get', 'trafficsplit,meshconfigs', '-o', 'name'])
  expect(both.out.split('\n')).toHaveLength(2)
  expect((await shop.run(['get', 'all', '-o', 'name'])).out).toBe((await shop.run(['get', '-o', 'name'])).out)
  expect((await shop.run(['get', 'trafficsplit,nope'])).code).toBe(3)
  expect((await shop.run(['get', 'trafficsplt'])).err).toContain('did you mean trafficsplit?')
})

test('delete KIND NAME takes that object, and no other', async () => {
  await using shop = await declared('permissive-off', 'split-90-10')
  expect((await shop.run(['delete', 'trafficsplit', 'nope'])).code).toBe(1)
  expect((await shop.run(['delete', 'trafficsplit', 'bookstore-split', '-n', 'other'])).code).toBe(1)
  expect(await readdir(shop.dir.join('policies'))).toHaveLength(2)
  expect((await shop.run(['delete', 'trafficsplit', 'bookstore-split'])).code).toBe(0)
  expect((await shop.run(['get', '-o', 'name'])).out).toBe('meshconfig.config.openservicemesh.io/osm-mesh-config')
  expect((await shop.run(['delete', 'trafficsplit'])).code).toBe(3)
})

test('apply --dry-run says what would change, and changes nothing', async () => {
  await using shop = await declared('split-90-10')
  const dry = await shop.run(['apply', '--dry-run', `${POLICIES}/split-50-50.yaml`])
  expect(dry.code).toBe(0)
  expect(dry.out).toMatch(/bookstore-split configured \(dry run\)\n.*bookstore-v1 50 %/s)
  expect((await shop.run(['get', '-o', 'yaml'])).out).toContain('weight: 90')
})

test('-R looks into the folders of a folder', async () => {
  await using shop = await declared()
  await mkdir(shop.dir.join('all/istio'), { recursive: true })
  const text = execFileSync('cat', [`${POLICIES}/split-90-10.yaml`], { encoding: 'utf8' })
  await writeFile(shop.dir.join('all/istio/split.yaml'), text)
  expect((await shop.run(['apply', 'all'])).err).toContain('-R looks into its folders')
  expect((await shop.run(['apply', '-R', 'all'])).code).toBe(0)
})

test('analyze looks at what would be declared, and applies nothing', async () => {
  await using shop = await declared('permissive-on')
  const access = await shop.run(['analyze', `${POLICIES}/access-buyer.yaml`])
  expect([access.code, access.out]).toEqual([0, expect.stringContaining('warning: TrafficTargets are not looked at')])
  const second =
    'apiVersion: config.openservicemesh.io/v1alpha2\nkind: MeshConfig\nmetadata: {name: b}\nspec: {traffic: {enablePermissiveTrafficPolicyMode: true}}\n'
  expect(await shop.run(['analyze', '-'], second)).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^error: .*one MeshConfig/)
  })
  expect((await shop.run(['analyze', '--alone', '-'], second)).code).toBe(0)
  const findings = JSON.parse((await shop.run(['analyze', '-', '-o', 'json'], 'kind: X')).out)
  expect(findings[0]).toMatchObject({ level: 'error', message: expect.stringContaining('standard input') })
  expect(await readdir(shop.dir.join('policies'))).toHaveLength(1)
})

test('get says what it did not find, and gives one that is named by itself as it is', async () => {
  await using shop = await declared('permissive-on')
  expect((await shop.run(['get', '-n', 'nowhere'])).err).toMatch(/^nothing of namespace nowhere is declared in /)
  expect((await shop.run(['get', 'tcproute'])).err).toMatch(/^no tcproute is declared in /)
  const one = JSON.parse((await shop.run(['get', 'meshconfig', 'osm-mesh-config', '-o', 'json'])).out)
  expect(one).toMatchObject({ kind: 'MeshConfig', metadata: { name: 'osm-mesh-config' } })
  expect(JSON.parse((await shop.run(['get', 'meshconfig', '-o', 'json'])).out)).toMatchObject({ kind: 'List' })
})

test('a rehearsal may be written as kubectl wants it', async () => {
  await using shop = await declared()
  const { code, out } = await shop.run(['apply', `${POLICIES}/split-90-10.yaml`, '--dry-run=client'])
  expect([code, out]).toEqual([0, expect.stringContaining('bookstore-split created (dry run)')])
  expect((await shop.run(['get', '-o', 'name'])).out).toBe('')
})

test('analyze does not praise a file in which there is no policy', async () => {
  await using shop = await declared('permissive-on')
  expect(await shop.run(['analyze', '-'], '\n')).toMatchObject({
    code: 1,
    out: '',
    err: 'standard input: expected a policy, got none\n'
  })
})

test('bash completes commands, kinds and options', async () => {
  await using shop = await declared()
  const { out } = await shop.run(['completion', 'bash'])
  const complete = (...words: readonly string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `${out}\nCOMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _bookstore; echo "\${COMPREPLY[@]}"`
      ],
      { encoding: 'utf8' }
    ).trim()
  expect(complete('bookstore', 'ver')).toBe('verify verdict version')
  expect(complete('npx', 'bookstore', 'get', 'traffics')).toBe('trafficsplit')
  expect(complete('npx', 'bookstore', 'verify', '--bur')).toBe('--burst')
  expect(complete('npx', 'cowsay', 'v')).toBe('')
  expect((await shop.run(['completion', 'tcsh'])).code).toBe(3)
})

const fish = findProgram('fish')
const hasFish = requireTool({ name: 'fish', isThere: fish !== undefined, hint: 'apt-get install fish' })

test.skipIf(!hasFish)('fish completes the same, with npx and without', async () => {
  await using shop = await declared()
  await writeFile(shop.dir.join('bookstore.fish'), (await shop.run(['completion', 'fish'])).out)
  const env = { ...process.env, HOME: shop.dir.path, script: shop.dir.join('bookstore.fish') }
  const complete = (line: string) =>
    execFileSync(fish ?? '', ['--no-config', '--command', 'source $script; complete --do-complete $argv', line], {
      encoding: 'utf8',
      env
    })
      .split('\n')
      .map(word => word.split('\t')[0])
      .join(' ')
      .trim()
  for (const call of ['bookstore', 'npx bookstore']) {
    expect(complete(`${call} ver`)).toBe('verdict verify version')
    expect(complete(`${call} get traffics`)).toBe('trafficsplit')
    expect(complete(`${call} verify --bur`)).toBe('--burst')
  }
  expect(complete('npx cowsay ver')).toBe('')
})

const zsh = findProgram('zsh')
const hasZsh = requireTool({ name: 'zsh', isThere: zsh !== undefined, hint: 'apt-get install zsh' })

test.skipIf(!hasZsh)("zsh runs bash's completion", async () => {
  await using shop = await declared()
  await writeFile(shop.dir.join('bookstore.zsh'), (await shop.run(['completion', 'zsh'])).out)
  // what bashcompinit does when a person presses the key, without the key; zsh itself leaves out what does not fit
  const press = `source $script
    press() { emulate -L sh; COMP_WORDS=(npx bookstore "$@"); COMP_CWORD=$(($# + 1)); _bookstore; print -r -- "\${COMPREPLY[@]}" }
    press ver; press get traffics; press verify --bur`
  const env = { ...process.env, HOME: shop.dir.path, script: shop.dir.join('bookstore.zsh') }
  const [commands, kinds, options] = execFileSync(zsh ?? '', ['-f', '-c', press], { encoding: 'utf8', env }).split('\n')
  expect(commands).toMatch(/\bverify\b/)
  expect(commands).not.toContain('trafficsplit')
  expect(kinds).toMatch(/\btrafficsplit\b/)
  expect(options).toContain('--burst')
  expect(options).not.toContain('trafficsplit')
})
