import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { defaultTopology, type Topology, withAddresses } from '@bookstore/contract'
import type { PolicyFile } from '@bookstore/policy'
import { Agent, type Dispatcher, fetch, request } from 'undici'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, splitFile } from '../../policy/test-support/policy-files.ts'
import type { MeshError } from './in-force.ts'
import { createLocalMesh, type LocalMesh, type LocalMeshOptions } from './local-mesh.ts'

const shop = 'http://bookstore.bookstore.svc.cluster.local:14001'
const agentHeader = { 'user-agent': 'Go-http-client/1.1' }
const endings: (() => Promise<unknown>)[] = []
const seen: IncomingHttpHeaders[] = []
let policyDir = ''
let topology: Topology

beforeEach(async () => {
  policyDir = await mkdtemp(join(tmpdir(), 'policies-'))
  endings.push(() => rm(policyDir, { recursive: true, force: true }))
  topology = withAddresses(defaultTopology(), {
    'bookstore-v1': [await serve('v1')],
    'bookstore-v2': [await serve('v2')]
  })
})

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
  seen.length = 0
})

describe('requests through the local mesh', () => {
  test('go to the backends by weight', async () => {
    await put({ ...splitFile('900m', 0.1), name: 'split.yaml' })
    const { get } = await start({ random: seeded() })
    const counts = { v1: 0, v2: 0 }
    for (let count = 0; count < 500; count++) {
      const body = await (await get('/')).body.text()
      if (body === 'v1' || body === 'v2') counts[body]++
    }
    // 500 draws at 0.1: 50 expected, standard deviation 6.7; the draws are seeded, so this cannot flake.
    expect(counts.v1 + counts.v2).toBe(500)
    expect(Math.abs(counts.v2 - 50)).toBeLessThan(25)
  })

  test('never go to a weight of 0', async () => {
    await put(splitFile(0, 100))
    const { get } = await start({ random: seeded() })
    for (let count = 0; count < 50; count++) expect(await (await get('/')).body.text()).toBe('v2')
  })

  test('carry the authority that the client asked for, and bodies both ways', async () => {
    await put(splitFile(1, 0))
    const { dispatcher } = await start()
    const answer = await request(`${shop}/echo`, { dispatcher, method: 'POST', body: 'seven' })
    expect(await answer.body.text()).toBe('seven')
    expect(answer.headers).not.toHaveProperty('server')
    expect(seen[0]?.host).toBe('bookstore.bookstore.svc.cluster.local:14001')
    await request(`${shop}/`, { dispatcher, headers: { host: 'own' } }).then(({ body }) => body.dump())
    expect(seen[1]?.host).toBe('own')
  })

  test.each([
    'http://bookstore.bookstore:14001',
    'http://bookstore.bookstore.svc:80',
    'http://BOOKSTORE.bookstore.svc.cluster.local'
  ])('find the service as %s', async origin => {
    await put(splitFile(1, 0))
    const { dispatcher } = await start()
    expect(await (await request(`${origin}/`, { dispatcher })).body.text()).toBe('v1')
  })

  test('pass untouched to hosts that are no service', async () => {
    await put(permissiveOff)
    const { dispatcher } = await start()
    const other = await serve('other')
    expect(await (await request(other, { dispatcher })).body.text()).toBe('other')
  })

  test('are reset by OSM without a TrafficTarget', async () => {
    await put(permissiveOff)
    const { get, dispatcher } = await start()
    await expect(get('/buy-a-book/new')).rejects.toMatchObject({
      code: 'UND_ERR_SOCKET',
      message: 'other side closed'
    })
    await expect(fetch(`${shop}/`, { dispatcher })).rejects.toMatchObject({
      cause: { code: 'UND_ERR_SOCKET' }
    })
    expect(seen).toEqual([])
  })

  test('get 404 from Envoy off the routes of a TrafficTarget', async () => {
    await put(permissiveOff, accessV1)
    const { get } = await start()
    expect(await (await get('/buy-a-book/new')).body.text()).toBe('v1')
    const answer = await get('/raw')
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['server']).toBe('envoy')
    expect(await answer.body.text()).toBe('')
  })

  test('get 403 from Istio, by request and by fetch, and a body that was not sent is let go', async () => {
    await put(deployed('istio/deny-all.yaml'))
    const { dispatcher } = await start()
    const body = Readable.from(['never read'])
    const answer = await request(`${shop}/`, { dispatcher, method: 'POST', body })
    expect(answer.statusCode).toBe(403)
    expect(await answer.body.text()).toBe('RBAC: access denied')
    expect(body.destroyed).toBe(true)
    const fetched = await fetch(`${shop}/`, { dispatcher })
    expect(fetched.status).toBe(403)
    expect(fetched.headers.get('server')).toBe('envoy')
    expect(await fetched.text()).toBe('RBAC: access denied')
  })

  test('get 503 where no pod is behind the backend', async () => {
    const { dispatcher } = await start()
    const answer = await request('http://bookwarehouse.bookwarehouse:14001/', { dispatcher })
    expect(answer.statusCode).toBe(503)
    expect(await answer.body.text()).toBe('no healthy upstream')
  })

  test('can be aborted before and after a refusal', async () => {
    await put(deployed('istio/deny-all.yaml'))
    const { dispatcher } = await start()
    const signal = AbortSignal.abort()
    await expect(request(`${shop}/`, { dispatcher, signal })).rejects.toMatchObject({
      name: 'AbortError'
    })
    const leaving = new AbortController()
    const answer = await request(`${shop}/`, { dispatcher, signal: leaving.signal })
    leaving.abort()
    await expect(answer.body.text()).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('wait for the first look, so that none slips through at the start', async () => {
    await put(permissiveOff)
    const mesh = meshOf({})
    const dispatcher = compose(mesh)
    await expect(request(`${shop}/`, { dispatcher })).rejects.toMatchObject({
      code: 'UND_ERR_SOCKET'
    })
  })
})

describe('the folder of the local mesh', () => {
  test('is followed by looking at it, and a new file takes effect', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const { mesh, get } = await start({
      pollMs: 5,
      onChange: state => state.version === 2 && resolve(state.lastChange)
    })
    expect(mesh.state()).toMatchObject({ version: 1, lastChange: 'started without policies' })
    await put(permissiveOff)
    expect(await promise).toBe('added mesh-config.yaml')
    await expect(get('/')).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
  })

  test('keeps the last good set while a file is broken, reports it once, and takes the mended one', async () => {
    const errors: MeshError[] = []
    await put(splitFile(1, 0))
    const { mesh, get } = await start({ onError: error => errors.push(error) })
    await put(splitFile(1, 'lots'))
    await mesh.refresh()
    await mesh.refresh()
    expect(errors).toHaveLength(1)
    expect(mesh.state().error?.errors[0]).toMatchObject({
      file: 'split.yaml',
      line: 12,
      field: 'spec.backends[1].weight'
    })
    expect(await (await get('/')).body.text()).toBe('v1')
    await put(splitFile(0, 1))
    await mesh.refresh()
    expect(mesh.state()).toMatchObject({ error: null, version: 2 })
    expect(await (await get('/')).body.text()).toBe('v2')
  })

  test('must be there at the start, because nothing would be denied without it', async () => {
    await rm(policyDir, { recursive: true })
    await expect(start()).rejects.toThrow(`POLICY_DIR: ${policyDir}: expected a readable folder of policies, got none`)
  })

  test('may go away: the last good policies stay, and it is said', async () => {
    await put(permissiveOff)
    const errors: MeshError[] = []
    const { mesh, get } = await start({ onError: error => errors.push(error) })
    // as a recursive removal does it: the files first, and a look comes in between
    for (const name of await readdir(policyDir)) await rm(join(policyDir, name))
    const looked = mesh.refresh()
    await rm(policyDir, { recursive: true })
    await looked
    await mesh.refresh()
    expect(errors[0]?.errors[0]).toMatchObject({ file: policyDir, message: expect.stringContaining('got none') })
    await expect(get('/')).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
    await mkdir(policyDir)
    await mesh.refresh()
    expect(mesh.state()).toMatchObject({ error: null, files: [], version: 2 })
  })

  test('ignores dotfiles, other files and subfolders', async () => {
    await put({ name: '.draft.yaml', text: '[' }, { name: 'notes.txt', text: '[' })
    await mkdir(join(policyDir, 'sub.yaml'))
    const { mesh } = await start()
    expect(mesh.state()).toMatchObject({ files: [], error: null })
  })

  test('two files with one object are an error that names both', async () => {
    await put({ ...splitFile(1, 0), name: 'a.yaml' }, { ...splitFile(0, 1), name: 'b.yaml' })
    const { mesh } = await start()
    expect(mesh.state().error?.errors[0]).toMatchObject({
      file: 'b.yaml',
      message: expect.stringContaining('got it in a.yaml:1')
    })
  })

  test('is no longer followed after close', async () => {
    const { mesh } = await start({ pollMs: 1 })
    await mesh.close()
    await put(permissiveOff)
    expect(mesh.state().version).toBe(1)
  })
})

async function start(options: Partial<LocalMeshOptions> = {}) {
  const mesh = meshOf(options)
  await mesh.ready
  const dispatcher = compose(mesh)
  const get = (path: string) => request(shop + path, { dispatcher, headers: agentHeader })
  return { mesh, dispatcher, get }
}

function meshOf(options: Partial<LocalMeshOptions>): LocalMesh {
  const account = { namespace: 'bookbuyer', serviceAccount: 'bookbuyer' }
  // An hour between looks: tests that want one ask for it.
  const mesh = createLocalMesh({ policyDir, topology, account, pollMs: 3_600_000, ...options })
  endings.push(mesh.close)
  return mesh
}

function compose(mesh: LocalMesh): Dispatcher {
  const agent = new Agent()
  endings.push(() => agent.close())
  return agent.compose(mesh.interceptor)
}

async function serve(name: string): Promise<string> {
  const server: Server = createServer((incoming, outgoing) => {
    seen.push(incoming.headers)
    if (incoming.url === '/echo') incoming.pipe(outgoing)
    else outgoing.end(name)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  endings.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

// As the CLI writes: a file appears whole, or not at all.
async function put(...files: readonly PolicyFile[]): Promise<void> {
  for (const { name, text } of files) {
    const draft = join(policyDir, `.${name}.tmp`)
    await writeFile(draft, text)
    await rename(draft, join(policyDir, name))
  }
}

// mulberry32: the same draws in every run.
function seeded(seed = 7): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
