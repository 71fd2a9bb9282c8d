import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultTopology, withAddresses } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { MeshSettingsError, readMeshSettings } from './settings.ts'

const none = { meshTopology: undefined, meshAccount: undefined }
const topology = withAddresses(defaultTopology(), { 'bookstore-v1': ['http://127.0.0.1:14001'] })

describe('readMeshSettings', () => {
  test('takes the names of the manifests where nothing is set', () => {
    expect(readMeshSettings(none, 'bookthief')).toEqual({
      topology: defaultTopology(),
      account: { namespace: 'bookthief', serviceAccount: 'bookthief' }
    })
  })

  test('reads a topology as JSON or from a file, and an account', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'topology-'))
    const file = join(folder, 'topology.json')
    await writeFile(file, JSON.stringify(topology))
    for (const meshTopology of [JSON.stringify(topology), file]) {
      const settings = { meshTopology, meshAccount: 'bookstore/bookstore-v2' }
      expect(readMeshSettings(settings, 'bookstore')).toEqual({
        topology,
        account: { namespace: 'bookstore', serviceAccount: 'bookstore-v2' }
      })
    }
    await rm(folder, { recursive: true })
  })

  test.each([
    [{ ...none, meshAccount: 'bookstore-v2' }, 'MESH_ACCOUNT: expected namespace/account, got "bookstore-v2"'],
    [{ ...none, meshTopology: '{}' }, 'MESH_TOPOLOGY: topology: workloads: expected a list'],
    [
      { ...none, meshTopology: '/nowhere.json' },
      'MESH_TOPOLOGY: expected a JSON object or the path of a file with one, got /nowhere.json (ENOENT)'
    ]
  ])('names the setting that it cannot read: %j', (settings, message) => {
    expect(() => readMeshSettings(settings, 'bookstore')).toThrow(MeshSettingsError)
    expect(() => readMeshSettings(settings, 'bookstore')).toThrow(message)
  })
})
