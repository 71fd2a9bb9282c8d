import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { repositoryRoot, startOtlpReceiver, type TempDir, tempDir, waitFor } from '@bookstore/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeKubernetesApi } from '../../packages/cluster/test-support/fake-kubernetes-api.ts'

const SERVICES = ['bookbuyer', 'bookstore', 'bookthief', 'bookwarehouse']

// what the Dockerfile does, without a container: the bundles, the launcher and the compiled code, and no node_modules near them
// at once, because they wait more than they work
describe.concurrent('the bundles of the image', () => {
  let image: TempDir

  beforeAll(async () => {
    image = await tempDir('bookstore-bundle-')
    const bundle = [`${repositoryRoot}scripts/bundle.mjs`, '--outdir', image.join('app')]
    await promisify(execFile)(process.execPath, [...bundle, ...SERVICES, 'cli'])
    for (const program of [...SERVICES, 'bookstore-cli']) {
      await copyFile(`${repositoryRoot}deploy/image/launch.cjs`, image.join(program))
    }
    await promisify(execFile)(process.execPath, [`${repositoryRoot}deploy/image/warm-up.mjs`, image.path])
    await writeFile(image.join('tell.cjs'), TELL)
  }, 120_000)

  afterAll(() => image?.[Symbol.asyncDispose]())

  test.each(SERVICES)('%s starts, answers and stops without telemetry', async name => {
    await using service = await start(image, name)
    expect((await fetch(`${service.url}/liveness`)).status).toBe(200)
    expect((await fetch(service.metricsUrl)).status).toBe(200)
    expect(await service.stop()).toBe(0)
  })

  test.each(SERVICES)('%s sends spans of its server over OTLP in JSON, protobuf and gRPC', async name => {
    for (const protocol of ['http/json', 'http/protobuf', 'grpc']) {
      await using collector = await startOtlpReceiver({ grpc: protocol === 'grpc' })
      await using service = await start(image, name, {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_BSP_SCHEDULE_DELAY: '50'
      })
      await fetch(`${service.url}/nowhere/${protocol}`)
      // the strings of a span stand in all three encodings as they are
      await waitFor(() => collector.bodies.some(body => body.includes(`/nowhere/${protocol}`)), {
        what: `a span over ${protocol}`
      })
      expect(collector.bodies.some(body => body.includes(name))).toBe(true)
      expect(await service.stop()).toBe(0)
    }
  })

  test('the client of Kubernetes in it asks an API', async () => {
    const [file = 'none'] = (await readdir(image.join('app'))).filter(name => /^kube-library-.*\.cjs$/.test(name))
    const library = createRequire(import.meta.url)(
      image.join('app', file)
    ) as typeof import('../../packages/cluster/src/kube-library.ts')
    const api = await startFakeKubernetesApi()
    try {
      api.serve('split.smi-spec.io', 'v1alpha2', 'trafficsplits')
      api.put('/apis/split.smi-spec.io/v1alpha2/namespaces/bookstore/trafficsplits', {
        metadata: { name: 'bookstore-split' }
      })
      const config = new library.KubeConfig()
      config.loadFromString(api.kubeconfig)
      const list = await config.makeApiClient(library.CustomObjectsApi).listNamespacedCustomObject({
        group: 'split.smi-spec.io',
        version: 'v1alpha2',
        namespace: 'bookstore',
        plural: 'trafficsplits'
      })
      expect(list).toMatchObject({ items: [{ metadata: { name: 'bookstore-split' } }] })
    } finally {
      await api.close()
    }
  })

  test.each(SERVICES)('%s starts without the rare parts of its libraries', async name => {
    await using service = await start(image, name, { NODE_OPTIONS: `--require=${image.join('tell.cjs')}` })
    const { loaded } = await service.tell()
    expect(loaded).toContain('NativeModule http')
    for (const rare of ['https', 'http2', 'tls', 'zlib']) expect(loaded).not.toContain(`NativeModule ${rare}`)
  })

  test.each(SERVICES)('%s runs by the code that the warm-up made of it', async name => {
    await using service = await start(image, name, { NODE_OPTIONS: `--require=${image.join('tell.cjs')}` })
    const { rejected } = await service.tell()
    expect(Object.keys(rejected)).toContain(`${name}.cjs`)
    expect(new Set(Object.values(rejected))).toEqual(new Set([false]))
  })

  test('a stack trace names the sources with --enable-source-maps, and the scripts without', async () => {
    const tell = `--require=${image.join('tell.cjs')}`
    await using plain = await start(image, 'bookstore', { NODE_OPTIONS: tell })
    await using mapped = await start(image, 'bookstore', { NODE_OPTIONS: `${tell} --enable-source-maps` })
    expect((await plain.tell()).stack).toMatch(/at .*runService \(.*\/app\/chunk-\w+\.cjs:/)
    expect((await mapped.tell()).stack).toMatch(/at .*runService \(.*\/packages\/common\/src\/service\.ts:\d+:/)
  })

  test('it has no compiler of JSON Schema', async () => {
    const bundled = async (library: string) => {
      const files = (await readdir(image.join('app'))).filter(name => name.endsWith('.map'))
      const maps = await Promise.all(files.map(name => readFile(image.join('app', name), 'utf8')))
      return maps.some(map => map.includes(`node_modules/${library}/`))
    }
    expect(await bundled('fastify')).toBe(true)
    expect(await bundled('ajv')).toBe(false)
  })

  test('a collector that never answers holds up no stop, which is told and no failure', async () => {
    await using collector = await startOtlpReceiver({ isSilent: true })
    await using service = await start(image, 'bookstore', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      SHUTDOWN_DEADLINE_MS: '30000'
    })
    for (let request = 0; request < 20; request++) await fetch(`${service.url}/books-bought`)
    // without a limit of their own the spans would hold up the stop until it is forced, which ends with code 1
    expect(await service.stop()).toBe(0)
    expect(service.log().filter(line => line.includes('spans were not sent'))).toHaveLength(1)
  })

  test('the log is for eyes with LOG_FORMAT=pretty, and names the identity', async () => {
    await using service = await start(image, 'bookstore', { LOG_FORMAT: 'pretty', IDENTITY: 'bookstore-v1' })
    await waitFor(() => service.log().some(line => /INFO.*bookstore-v1: started/.test(line)))
  })

  test('what cannot be sent is told in one line while it lasts', async () => {
    await using service = await start(image, 'bookstore', {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_BSP_MAX_QUEUE_SIZE: '8',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '8'
    })
    for (let request = 0; request < 100; request++) await fetch(`${service.url}/books-bought`)
    await waitFor(() => service.log().some(line => line.includes('spans are not sent')))
    for (let request = 0; request < 100; request++) await fetch(`${service.url}/books-bought`)
    expect(service.log().filter(line => line.includes('spans are not sent'))).toHaveLength(1)
  })

  test.each(['bookbuyer', 'bookthief'])('%s serves its page with style and script', async name => {
    await using service = await start(image, name)
    const page = await (await fetch(service.url)).text()
    const assets = [...page.matchAll(/(?:href|src)="([^"]+\.(?:css|js)[^"]*)"/g)].map(m => m[1] ?? '')
    expect(assets.length).toBeGreaterThanOrEqual(2)
    for (const asset of assets) {
      expect((await fetch(new URL(asset, service.url))).status).toBe(200)
    }
  })

  test('the command line program tells its commands and its version', async () => {
    const run = (argument: string) =>
      promisify(execFile)(process.execPath, [image.join('bookstore-cli'), argument], {
        cwd: repositoryRoot
      })
    expect((await run('--help')).stdout).toContain('verify')
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+/)
  })

  test('it reads YAML and expressions, and says what is wrong with them', async () => {
    const routes = `apiVersion: specs.smi-spec.io/v1alpha4
kind: HTTPRouteGroup
metadata: {name: routes, namespace: bookstore}
spec: {matches: [{name: odd, methods: [GET], pathRegex: "(?=a)b"}]}
`
    await writeFile(image.join('odd.yaml'), routes)
    const analyze = promisify(execFile)(process.execPath, [
      image.join('bookstore-cli'),
      'analyze',
      '-f',
      image.join('odd.yaml')
    ])
    await expect(analyze).rejects.toMatchObject({ stdout: expect.stringContaining('unsupported Perl syntax: `(?=`') })
  })
})

interface Told {
  /** Modules of Node. */
  readonly loaded: readonly string[]
  /** Whether V8 refused the compiled code of a script; undefined where there was none. */
  readonly rejected: Readonly<Record<string, boolean | undefined>>
  /** Of the moment when it listened. */
  readonly stack: string
}

const TELL = `
const { send } = process
let stack
process.send = message => {
  stack = new Error().stack
  return send.call(process, message)
}
process.on('SIGUSR2', () => {
  const { scripts } = require('./app/load.cjs')
  const rejected = Object.fromEntries(Array.from(scripts, ([name, { script }]) => [name, script.cachedDataRejected]))
  send.call(process, { told: { loaded: process.moduleLoadList, rejected, stack } })
})`

interface Service extends AsyncDisposable {
  readonly url: string
  readonly metricsUrl: string
  /** Lines of its log. */
  log(): readonly string[]
  /** What it has to say of itself, where `tell.cjs` was started with it. */
  tell(): Promise<Told>
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number | null>
}

async function start(image: TempDir, name: string, env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const child = fork(image.join(name), ['--port', '0'], {
    cwd: image.path,
    execArgv: [],
    env: { ...SETTINGS, DATABASE_URL: `sqlite:${image.join(`${name}.db`)}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc']
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  let output = ''
  child.stdout?.on('data', chunk => {
    output += chunk
  })
  const { port, metricsPort } = await listening(child, exited)
  return {
    url: `http://127.0.0.1:${port}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    log: () => output.split('\n'),
    async tell() {
      const told = once(child, 'message')
      child.kill('SIGUSR2')
      const ended = exited.then(code => {
        throw new Error(`expected it to tell what it has loaded, it ended with code ${code}: ${output}`)
      })
      const [message] = await Promise.race([told, ended])
      return message.told
    },
    stop() {
      child.kill('SIGTERM')
      return exited
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    }
  }
}

// nothing of the developer's environment; neighbours that are not there
const SETTINGS = {
  HOST: '127.0.0.1',
  METRICS_PORT: '0',
  BOOKSTORE_URL: 'http://127.0.0.1:1',
  BOOKWAREHOUSE_URL: 'http://127.0.0.1:1'
}

interface Ports {
  readonly port: number
  readonly metricsPort: number
}

async function listening(child: ChildProcess, exited: Promise<number | null>): Promise<Ports> {
  let complaint = ''
  child.stderr?.on('data', chunk => {
    complaint += chunk
  })
  const told = once(child, 'message').then(([{ listening }]) => listening as Ports)
  const ended = exited.then(code => {
    throw new Error(`expected it to listen, it ended with code ${code}: ${complaint}`)
  })
  return Promise.race([told, ended])
}
