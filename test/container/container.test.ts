import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireDocker, waitFor } from '@bookstore/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ComposeProject, startCompose } from './compose.ts'
import { docker, evaluate, inspect } from './docker.ts'
import { listFiles } from './image-files.ts'

const APPS = ['bookbuyer', 'bookstore-v1', 'bookstore-v2', 'bookthief', 'bookwarehouse']

// a machine without an engine is a usual one, also in CI; a job that is about containers says REQUIRE_DOCKER=1
const hasDocker = requireDocker({ isMandatory: process.env['REQUIRE_DOCKER'] === '1' })

describe.skipIf(!hasDocker)('docker compose up --build --wait', () => {
  let project: ComposeProject

  beforeAll(async () => {
    project = await startCompose()
  }, 600_000)

  afterAll(async () => {
    await project?.[Symbol.asyncDispose]()
  }, 120_000)

  const sold = async () => {
    const answer = await fetch(`${project.buyerUrl}/raw`)
    return (await answer.json()) as Record<'booksBought' | 'booksBoughtV1' | 'booksBoughtV2', number>
  }
  const warehouseTotal = async () => {
    const script = "fetch('http://127.0.0.1:14001/raw').then(r => r.text()).then(console.log)"
    const answer = await evaluate(await project.container('bookwarehouse'), script)
    return (JSON.parse(answer) as { readonly totalBooks: number }).totalBooks
  }

  test('makes every service healthy', async () => {
    expect(project.services).toEqual([...APPS, 'mariadb'].sort())
    for (const service of project.services) {
      const { State } = await inspect(await project.container(service))
      expect([service, State.Health?.Status]).toEqual([service, 'healthy'])
    }
  })

  test('sells books of both versions to the buyer', async () => {
    const before = await waitFor(async () => {
      const now = await sold()
      return now.booksBoughtV1 > 0 && now.booksBoughtV2 > 0 ? now : undefined
    })
    const after = await waitFor(async () => {
      const now = await sold()
      const both = now.booksBoughtV1 > before.booksBoughtV1 && now.booksBoughtV2 > before.booksBoughtV2
      return both ? now : undefined
    })
    expect(after.booksBought).toBe(after.booksBoughtV1 + after.booksBoughtV2)
  })

  test('brings what is sold into the database of MariaDB', async () => {
    const before = await warehouseTotal()
    const after = await waitFor(async () => {
      const total = await warehouseTotal()
      return total > before ? total : undefined
    })
    const query = 'SELECT total FROM warehouse_stock'
    const rows = await docker([
      'exec',
      await project.container('mariadb'),
      'sh',
      '-c',
      `mariadb -N -u "$MARIADB_USER" -p"$MARIADB_PASSWORD" "$MARIADB_DATABASE" -e '${query}'`
    ])
    expect(Number(rows)).toBeGreaterThanOrEqual(after)
  })

  test('publishes the buyer on this machine alone, and nothing else', async () => {
    const published: string[] = []
    for (const service of project.services) {
      const { NetworkSettings } = await inspect(await project.container(service))
      for (const [port, hosts] of Object.entries(NetworkSettings.Ports)) {
        for (const { HostIp } of hosts ?? []) published.push(`${service} ${HostIp} ${port}`)
      }
    }
    expect(published).toEqual(['bookbuyer 127.0.0.1 14001/tcp'])
  })

  test.each(APPS)('runs %s without root, capabilities or a place to write', async service => {
    const container = await project.container(service)
    const { HostConfig } = await inspect(container)
    expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] })
    const script = `
      const { readFileSync, writeFileSync } = require('node:fs')
      const fault = path => { try { writeFileSync(path, ''); return 'written' } catch (error) { return error.code } }
      const status = readFileSync('/proc/self/status', 'utf8')
      console.log(JSON.stringify({
        uid: process.getuid(),
        capabilities: /CapEff:\\s*(\\w+)/.exec(status)[1],
        newPrivileges: /NoNewPrivs:\\s*(\\d)/.exec(status)[1],
        faults: ['/x', '/app/x', '/tmp/x', '/etc/x'].map(fault)
      }))`
    expect(JSON.parse(await evaluate(container, script))).toEqual({
      uid: 65532,
      capabilities: '0000000000000000',
      newPrivileges: '1',
      faults: ['EROFS', 'EROFS', 'EROFS', 'EROFS']
    })
  })

  test('obeys the policies in the folder: all to version 2, nothing more to version 1', async () => {
    await writeFile(join(project.policyDir, 'split.yaml'), ALL_TO_V2)
    // settled: several sales in a row that are all of version 2
    await waitFor(
      async () => {
        const before = await sold()
        const after = await waitFor(async () => {
          const now = await sold()
          return now.booksBought >= before.booksBought + 25 ? now : undefined
        })
        return after.booksBoughtV1 === before.booksBoughtV1 && after.booksBoughtV2 > before.booksBoughtV2
      },
      { what: '25 sales in a row from version 2' }
    )
  })

  test('stops cleanly when it is told to', async () => {
    const container = await project.container('bookthief')
    await docker(['stop', '--time', '10', container])
    const { State } = await inspect(container)
    expect(State.ExitCode).toBe(0)
  })

  test('starts as the manifests of the original start it', async () => {
    const container = await docker([
      'run',
      '--detach',
      '--read-only',
      '--publish',
      '127.0.0.1::14001',
      '--env',
      'IDENTITY=bookstore-v1',
      project.image,
      ...['/bookstore', '--path', './', '--port', '14001']
    ])
    try {
      const { NetworkSettings } = await inspect(container)
      const port = NetworkSettings.Ports['14001/tcp']?.[0]?.HostPort
      const answer = await waitFor(() => fetch(`http://127.0.0.1:${port}/books-bought`))
      expect(answer.headers.get('identity')).toBe('bookstore-v1')
    } finally {
      await docker(['rm', '--force', container])
    }
  })

  test('has an image without shell, setuid files, or files of ours that others may change', async () => {
    const files = await listFiles(project.image)
    const shells = /(^|\/)(sh|bash|dash|ash|busybox|apt|apt-get|dpkg|npm)$/
    expect(files.filter(({ path, mode }) => !mode.startsWith('d') && shells.test(path))).toEqual([])
    expect(files.filter(({ mode }) => /[sS]/.test(mode))).toEqual([])
    const ours = files.filter(({ path }) => /^(app|book)/.test(path))
    expect(ours.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['bookbuyer', 'bookstore', 'bookstore-cli', 'bookthief', 'bookwarehouse'])
    )
    expect(ours.filter(({ owner, mode }) => owner !== '0/0' || /^.(.{4}w|.{7}w)/.test(mode))).toEqual([])
  })

  test('has the compiled code of each program in the image', async () => {
    const paths = (await listFiles(project.image)).map(({ path }) => path)
    for (const program of ['bookbuyer', 'bookstore', 'bookthief', 'bookwarehouse']) {
      expect(paths).toContainEqual(expect.stringMatching(new RegExp(`^app/compiled/v24[^/]+/${program}\\.cjs\\.bin$`)))
    }
  })

  test('has the command line program in the image', async () => {
    const help = await docker(['run', '--rm', '--read-only', project.image])
    expect(help).toContain('verify')
  })
})

const ALL_TO_V2 = `apiVersion: split.smi-spec.io/v1alpha2
kind: TrafficSplit
metadata:
  name: bookstore-split
  namespace: bookstore
spec:
  service: bookstore.bookstore
  backends:
    - service: bookstore-v1
      weight: 0
    - service: bookstore-v2
      weight: 100
`
