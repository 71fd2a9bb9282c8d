import { readdir, writeFile } from 'node:fs/promises'
import { repositoryRoot, tempDir } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'

const policies = `${repositoryRoot}deploy/policies`

async function translate(...args: string[]) {
  const context = testContext()
  const code = await runCli(['translate', ...args], context)
  return { code, out: context.printed.join('\n'), err: context.complained.join('') }
}

describe('bookstore translate', () => {
  test('writes a file for each object, and says what was narrowed and that both sets decide alike', async () => {
    await using dir = await tempDir()
    const { code, err } = await translate(
      ...['permissive-off', 'access-buyer', 'split-90-10'].flatMap(name => ['-f', `${policies}/${name}.yaml`]),
      '-o',
      dir.path
    )
    // the one kind of request that differs is what the narrowing took away
    const differing = err.split('\n').filter(line => line.startsWith('differs:'))
    expect(differing.length).toBeGreaterThan(0)
    expect(differing.filter(line => !line.endsWith('GET xa-bookxnew: allowed before, denied now'))).toEqual([])
    expect(err).toMatch(/^13 objects, nothing refused/m)
    expect(err).toContain('was narrowed to *a-book/new')
    expect(code).toBe(0)
    expect(await readdir(dir.path)).toEqual(
      expect.arrayContaining([
        'authorizationpolicy.bookstore.allow-nothing.yaml',
        'authorizationpolicy.bookstore.bookstore-v1-access.yaml',
        'authorizationpolicy.bookwarehouse.mysql-access.yaml',
        'peerauthentication.bookthief.default.yaml',
        'virtualservice.bookstore.bookstore-split.yaml'
      ])
    )
    // what was written is read by the other commands
    const analyzed = testContext()
    expect(await runCli(['analyze', '--alone', '-f', dir.path], analyzed)).toBe(0)
  })

  test('translates an application of anybody, with its manifests beside its policies', async () => {
    await using dir = await tempDir()
    await writeFile(dir.join('all.yaml'), FOREIGN)
    const { code, out, err } = await translate('-f', dir.path)
    expect(err).toContain('passed over: ConfigMap pets/settings')
    expect(code).toBe(0)
    expect(out).toContain('cluster.local/ns/pets/sa/owner')
    expect(out).toContain('- /dogs/*')
    expect(out).not.toContain('bookstore')
  })

  test('refuses by name what cannot be said, with what to do, and takes a request that shows it', async () => {
    await using dir = await tempDir()
    await writeFile(dir.join('all.yaml'), FOREIGN.replace('/dogs/.*', '/dogs/[0-9]+'))
    const refused = await translate('-f', dir.path)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(
      'refused: HTTPRouteGroup pets/routes: match dogs: pathRegex /dogs/[0-9]+ cannot be said'
    )
    expect(refused.err).toContain('to do: name a request')
    const shown = await translate('-f', dir.path, '--request', 'GET /dogs/7')
    expect(shown).toMatchObject({ code: 0 })
    expect(shown.out).toContain('- /dogs/7')
  })

  test('names what it cannot read, and lists the differences of the defaults', async () => {
    await using dir = await tempDir()
    await writeFile(dir.join('all.yaml'), FOREIGN.replace('pathRegex', 'path'))
    const { code, err } = await translate('-f', dir.path)
    expect(code).toBe(1)
    expect(err).toContain('all.yaml (httproutegroup.pets.routes): spec.matches[0].path: path is not modelled')
    expect((await translate('-f', dir.path, '--request', 'dogs')).err).toContain('--request: expected METHOD PATH')
    expect((await translate('--differences')).out).toContain('deny by default')
  })
})

const FOREIGN = `apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata: {name: owners, namespace: pets}
spec:
  destination: {kind: ServiceAccount, name: shelter, namespace: pets}
  sources: [{kind: ServiceAccount, name: owner, namespace: pets}]
  rules: [{kind: HTTPRouteGroup, name: routes, matches: [dogs]}]
---
apiVersion: specs.smi-spec.io/v1alpha4
kind: HTTPRouteGroup
metadata: {name: routes, namespace: pets}
spec: {matches: [{name: dogs, pathRegex: '/dogs/.*', methods: [GET]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shelter, namespace: pets}
spec:
  template:
    metadata: {labels: {app: shelter}}
    spec: {serviceAccountName: shelter}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: pets}
`
