import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { repositoryRoot, type TempDir, tempDir, waitFor } from '@bookstore/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const SERVICES = ['bookbuyer', 'bookstore', 'bookthief', 'bookwarehouse']

// what the Dockerfile does, without a container: the bundles and the launcher, and no node_modules near them
describe('the bundles of the image', { timeout: 30_000 }, () => {
  let image: TempDir

  beforeAll(async () => {
    image = await tempDir('bookstore-bundle-')
    const bundle = [`${repositoryRoot}scripts/bundle.mjs`, '--outdir', image.join('app')]
    await promisify(execFile)(process.execPath, [...bundle, ...SERVICES, 'cli'])
    for (const program of [...SERVICES, 'bookstore-cli']) {
      await copyFile(`${repositoryRoot}deploy/image/launch.cjs`, image.join(program))
    }
  }, 120_000)

  afterAll(() => image?.[Symbol.asyncDispose]())

  test.each(SERVICES)('%s starts, answers and stops without telemetry', async name => {
    await using service = await start(image, name)
    expect((await fetch(`${service.url}/liveness`)).status).toBe(200)
    expect((await fetch(service.metricsUrl)).status).toBe(200)
    expect(await service.stop()).toBe(0)
  })

  test.each(SERVICES)('%s sends spans of its server when there is a collector', async name => {
    await using collector = await startCollector()
    await using service = await start(image, name, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '50'
    })
    await fetch(`${service.url}/liveness`)
    await waitFor(() => collector.serverSpans.includes('GET /liveness'), {
      what: 'a span of GET /liveness'
    })
    expect(await service.stop()).toBe(0)
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
})

interface Service extends AsyncDisposable {
  readonly url: string
  readonly metricsUrl: string
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number | null>
}

async function start(image: TempDir, name: string, env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const child = fork(image.join(name), ['--port', '0'], {
    cwd: image.path,
    execArgv: [],
    env: { ...SETTINGS, DATABASE_URL: `sqlite:${image.join(`${name}.db`)}`, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const { port, metricsPort } = await listening(child, exited)
  return {
    url: `http://127.0.0.1:${port}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
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

interface Collector extends AsyncDisposable {
  readonly url: string
  /** Names of the server spans that have come. */
  readonly serverSpans: readonly string[]
}

// a collector as far as OTLP over HTTP with JSON needs one: https://opentelemetry.io/docs/specs/otlp/#otlphttp
async function startCollector(): Promise<Collector> {
  const serverSpans: string[] = []
  const server = createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request)
    if (request.url === '/v1/traces') {
      serverSpans.push(...serverSpanNames(Buffer.concat(chunks).toString()))
    }
    response.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serverSpans,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    }
  }
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly { readonly name: string; readonly kind: number }[]
    }[]
  }[]
}

const SERVER_SPAN = 2

function serverSpanNames(body: string): string[] {
  return (JSON.parse(body) as Traces).resourceSpans
    .flatMap(resource => resource.scopeSpans)
    .flatMap(scope => scope.spans)
    .filter(span => span.kind === SERVER_SPAN)
    .map(span => span.name)
}
