import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readVerifyArguments } from '../../apps/cli/src/verify/arguments.ts'
import { chartPath, hasHelm, helm, type KubeObject, pick, render } from './helm.ts'
import { podSpecs, restrictedFaults } from './pod-security.ts'
import { renderReadme } from './readme.ts'

const valueFiles = (await readdir(`${chartPath}/ci`)).map(name => `${chartPath}/ci/${name}`)

test('the README of the chart is what its values say', async () => {
  expect(await readFile(`${chartPath}/README.md`, 'utf8')).toBe(await renderReadme())
})

describe.skipIf(!(await hasHelm()))('the chart', () => {
  test.each(valueFiles)('is clean under helm lint --strict with %s', async file => {
    const lint = await helm('lint', '--strict', '--kube-version', '1.32.0', '-f', file, chartPath)
    expect(lint.stdout + lint.stderr).toContain('0 chart(s) failed')
    expect(lint.code).toBe(0)
  })

  test.each(valueFiles)('makes pods that satisfy Pod Security restricted with %s', async file => {
    const specs = podSpecs(await render('-f', file))
    expect(specs.size).toBeGreaterThan(4)
    for (const [name, spec] of specs) {
      expect.soft(restrictedFaults(spec), name).toEqual([])
      for (const container of spec.containers) {
        expect.soft(container.securityContext.readOnlyRootFilesystem, name).toBe(true)
        expect.soft(container.resources.requests, name).toMatchObject({ cpu: expect.anything() })
        expect.soft(container.resources.limits, name).toHaveProperty('memory')
      }
    }
  })

  test.each(valueFiles)('names every object once and labels it with %s', async file => {
    const objects = await render('-f', file)
    const names = objects.map(o => `${o.kind} ${o.metadata.namespace}/${o.metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
    for (const { kind, metadata } of objects) {
      expect(metadata.labels, `${kind} ${metadata.name}`).toMatchObject({
        'app.kubernetes.io/name': expect.any(String),
        'app.kubernetes.io/instance': 'demo',
        'app.kubernetes.io/part-of': 'bookstore',
        'app.kubernetes.io/managed-by': 'Helm'
      })
    }
  })

  test('has the buyer judge a service of the user', async () => {
    const target = 'url=http://web.shop.svc.cluster.local:8080/version,versionSource=header:x-version'
    const settings = target.split(',').map(setting => `bookbuyer.target.${setting}`)
    const split = 'bookbuyer.target.expectedSplit=stable=90\\,canary=10'
    const objects = await render('--set', [...settings, split].join(','))
    const { env } = pick(objects, 'Deployment', 'bookbuyer').spec.template.spec.containers[0]
    for (const [name, value] of [
      ['BOOKSTORE_SVC', 'web'],
      ['BOOKSTORE_NAMESPACE', 'shop'],
      ['BOOKSTORE_URL', 'http://web.shop.svc.cluster.local:8080'],
      ['PURCHASE_PATH', '/version'],
      ['VERSION_SOURCE', 'header:x-version']
    ]) {
      expect(env).toContainEqual({ name, value })
    }
    const verify = JSON.stringify(objects.filter(({ kind }) => kind === 'Job'))
    expect(verify).toContain('stable=90,canary=10')
  })

  test.each([
    ['split.v1=-1', /'\/split\/v1'.*-1/],
    ['mesh=osmm', /'\/mesh'.*'osmm'/],
    ['access=allow', /'\/access'.*'allow'/],
    ['mehs=osm', /'mehs'/],
    ['split.v3=1', /'\/split'.*'v3'/],
    ['bookstore.replica.v1=2', /'\/bookstore'.*'replica'/],
    ['split.v1=0,split.v2=0', /split: expected at least one weight above 0/],
    ['database.type=external', /database\.external\.host: expected/],
    ['drainSeconds=40', /drainSeconds: expected less than/],
    ['bookbuyer.replicas=0', /'\/bookbuyer\/replicas'.*0/],
    ['bookbuyer.replicas=2,bookbuyer.recordClaim=mine', /bookbuyer\.recordClaim: expected nothing because .* is 2/],
    ['bookbuyer.target.url=http://web/', /bookbuyer\.target: expected versionSource and expectedSplit/],
    ['bookbuyer.target.url=web', /'\/bookbuyer\/target\/url'.*'web'/],
    ['bookbuyer.env.lower=1', /'\/bookbuyer\/env'.*lower/]
  ])('refuses %s with a message that names it', async (setting, message) => {
    await expect(render('--set', setting)).rejects.toThrow(message)
  })

  test('refuses to live in a namespace that it makes itself', async () => {
    await expect(render('--namespace', 'bookstore')).rejects.toThrow(/"bookstore".*--namespace/)
    const create = ['--set', 'namespaces.create=false']
    await expect(render('--namespace', 'bookstore', ...create)).resolves.not.toHaveLength(0)
  })

  test('has the names, labels, commands and ports of the public manifests', async () => {
    const objects = await render()
    for (const [name, namespace, account, version] of [
      ['bookbuyer', 'bookbuyer', 'bookbuyer', 'v1'],
      ['bookthief', 'bookthief', 'bookthief', 'v1'],
      ['bookstore-v1', 'bookstore', 'bookstore', 'v1'],
      ['bookstore-v2', 'bookstore', 'bookstore-v2', 'v2'],
      ['bookwarehouse', 'bookwarehouse', 'bookwarehouse', 'v1']
    ] as const) {
      const { metadata, spec } = pick(objects, 'Deployment', name)
      const app = name.replace(/-v\d$/, '')
      expect(metadata.namespace).toBe(namespace)
      expect(spec.selector.matchLabels).toEqual({ app, version })
      expect(spec.template.metadata.labels).toMatchObject({ app, version })
      expect(spec.template.spec.serviceAccountName).toBe(account)
      expect(spec.template.spec.containers[0].command).toEqual([`/${app}`])
    }
    const selectors = {
      bookstore: {},
      'bookstore-v1': { version: 'v1' },
      'bookstore-v2': { version: 'v2' }
    }
    for (const [name, more] of Object.entries(selectors)) {
      const { spec } = pick(objects, 'Service', name)
      expect(spec.ports).toEqual([{ name: 'bookstore-port', port: 14001, targetPort: 'web', appProtocol: 'http' }])
      expect(spec.selector).toEqual({ app: 'bookstore', ...more })
    }
    expect(pick(objects, 'Service', 'bookwarehouse').spec.ports[0].name).toBe('bookwarehouse-port')
  })

  test('proves promises after the verdicts, once inside and once outside the mesh, where stores misbehave on demand', async () => {
    const asked = ['--set', 'mesh=osm,access=allow-buyer,tests.prove=true,bookstore.faults=true']
    const objects = await render(...asked, '--set-string', 'tests.policies=kind: Retry')
    const jobs = ['verify-bookbuyer', 'prove', 'prove-outside'].map(name => pick(objects, 'Job', name))
    expect(jobs.map(({ metadata }) => metadata.annotations?.['helm.sh/hook-weight'])).toEqual(['0', '1', '2'])
    const [, inside, outside] = jobs.map(job => job['spec'].template)
    expect(inside.spec.containers[0].args).toEqual(expect.arrayContaining(['-f', '/policies/policies.yaml']))
    expect(pick(objects, 'ConfigMap', 'bookstore-promises')['data']).toEqual({ 'policies.yaml': 'kind: Retry' })
    expect(outside.metadata.annotations['openservicemesh.io/sidecar-injection']).toBe('disabled')
    expect(outside.spec.containers[0].args).not.toContain('--quit-sidecar')
    expect(pick(objects, 'TrafficTarget', 'prove-access-bookstore-v2')['spec'].sources).toMatchObject([
      { name: 'bookstore-verify' }
    ])
    await expect(render('--set', 'mesh=osm,tests.prove=true')).rejects.toThrow(
      'tests.prove: expected bookstore.faults=true'
    )
    expect((await render('--set', 'mesh=osm')).map(({ metadata }) => metadata.name)).not.toContain('prove')
  })

  test('has stores answer after the restock on OSM, whose sidecar ends first, and not elsewhere', async () => {
    const waitOf = async (...settings: string[]) => {
      const { spec } = pick(await render(...settings), 'Deployment', 'bookstore-v1')
      const env: readonly { readonly name: string; readonly value: string }[] = spec.template.spec.containers[0].env
      return env.find(({ name }) => name === 'RESTOCK_WAIT_MS')?.value
    }
    expect(await waitOf('--set', 'mesh=osm')).toBe('1000')
    expect(await waitOf('--set', 'mesh=osm,osm.restockWaitMs=0')).toBe('0')
    expect(await waitOf('--set', 'mesh=istio')).toBeUndefined()
  })

  test('has several buyers judged together, by the addresses of a headless Service', async () => {
    const several = await render('--set', 'mesh=istio,access=allow-buyer,bookbuyer.replicas=3')
    const { spec } = pick(several, 'Service', 'bookbuyers')
    const { replicas, template } = pick(several, 'Deployment', 'bookbuyer').spec
    expect([spec.clusterIP, replicas]).toEqual(['None', 3])
    expect(template.metadata.labels).toMatchObject(spec.selector)
    expect(spec.ports[0]).toMatchObject({ port: 14001, targetPort: 'web' })
    const argumentsIn = (objects: readonly KubeObject[]) =>
      pick(objects, 'Job', 'verify-bookbuyer').spec.template.spec.containers[0].args.join(' ')
    expect(argumentsIn(several)).toContain('--buyer http://bookbuyers.bookbuyer.svc.cluster.local:14001')
    expect(() => readVerifyArguments(argumentsIn(several).split(' ').slice(1))).not.toThrow()
    // a denial is judged at any one of them, and a single buyer needs no name for all
    for (const settings of ['mesh=istio,access=deny,bookbuyer.replicas=3', 'mesh=istio,access=allow-buyer']) {
      const objects = await render('--set', settings)
      expect(argumentsIn(objects)).toMatch(
        /--url http:\/\/bookbuyer\.bookbuyer\.svc\.cluster\.local:14001 --expect-access/
      )
      expect(() => readVerifyArguments(argumentsIn(objects).split(' ').slice(1))).not.toThrow()
    }
  })

  test('uses one account for both versions when accounts are shared', async () => {
    const objects = await render('--set', 'accounts=shared,mesh=osm,access=allow-buyer')
    const v2 = pick(objects, 'Deployment', 'bookstore-v2')
    expect(v2['spec'].template.spec.serviceAccountName).toBe('bookstore')
    expect(() => pick(objects, 'TrafficTarget', 'bookstore-v2')).toThrow('got 0')
  })

  test.each([
    ['osm', 'openservicemesh.io/monitored-by', 'osm'],
    ['istio', 'istio.io/rev', 'asm-1-29']
  ])('enrols the namespaces in %s by the label %s', async (mesh, label, value) => {
    const objects = await render('--set', `mesh=${mesh},istio.revision=asm-1-29`)
    const namespaces = objects.filter(({ kind }) => kind === 'Namespace')
    expect(namespaces.map(({ metadata }) => metadata.name).sort()).toEqual([
      'bookbuyer',
      'bookstore',
      'bookthief',
      'bookwarehouse'
    ])
    for (const { metadata } of namespaces) {
      expect(metadata.labels).toHaveProperty([label], value)
      expect(metadata.labels).not.toHaveProperty(['istio-injection'])
    }
  })

  test('makes no namespace when told so', async () => {
    const objects = await render('--set', 'namespaces.create=false')
    expect(objects.filter(({ kind }) => kind === 'Namespace')).toEqual([])
  })

  test('persists the database where it writes', async () => {
    const { spec } = pick(await render('--set', 'database.type=mariadb'), 'StatefulSet', 'mysql')
    const mounts = spec.template.spec.containers[0].volumeMounts
    expect(mounts).toContainEqual(expect.objectContaining({ name: 'data', mountPath: '/var/lib/mysql' }))
    expect(spec.volumeClaimTemplates[0].metadata.name).toBe('data')
  })

  test.each([
    ['osm', 'tcp-server-first'],
    ['istio', 'tcp'],
    ['none', 'tcp']
  ])('tells %s that the database speaks %s', async (mesh, protocol) => {
    const { spec } = pick(await render('--set', `mesh=${mesh},database.type=mariadb`), 'Service', 'mysql')
    expect(spec.ports[0].appProtocol).toBe(protocol)
    expect(spec.clusterIP).toBe('None')
  })

  test.each([
    ['osm', 'openservicemesh.io/outbound-port-exclusion-list'],
    ['istio', 'traffic.sidecar.istio.io/excludeOutboundPorts']
  ])('lets a database outside of %s be reached past the sidecar', async (mesh, annotation) => {
    const database = 'database.type=external,database.external.host=db.example.com'
    const port = 'database.external.port=3307,database.password=x'
    const objects = await render('--set', `mesh=${mesh},${database},${port}`)
    const { spec } = pick(objects, 'Deployment', 'bookwarehouse')
    expect(spec.template.metadata.annotations[annotation]).toBe('3307')
  })

  test.each([
    ['osm', 'openservicemesh.io/outbound-port-exclusion-list'],
    ['istio', 'traffic.sidecar.istio.io/excludeOutboundPorts'],
    ['linkerd', 'config.linkerd.io/skip-outbound-ports']
  ])('lets spans leave the pods past the sidecar of %s, with the names of the pods', async (mesh, annotation) => {
    const objects = await render('--set', `mesh=${mesh},otlpEndpoint=http://collector.monitoring:4318`)
    for (const { kind, metadata, spec } of objects) {
      if (kind !== 'Deployment') continue
      const { annotations } = spec.template.metadata
      expect(annotations[annotation].split(','), metadata.name).toContain('4318')
      const { env } = spec.template.spec.containers[0]
      const value = (name: string) => env.find((one: { name: string }) => one.name === name)?.value
      expect(value('OTEL_SERVICE_NAME')).toBe(metadata.name)
      expect(value('OTEL_RESOURCE_ATTRIBUTES')).toContain('k8s.pod.name=$(POD_NAME)')
    }
    const silent = pick(await render('--set', `mesh=${mesh}`), 'Deployment', 'bookstore-v1')
    expect(silent.spec.template.metadata.annotations).not.toHaveProperty([annotation])
  })

  test('makes alerts of the rule file, and a dashboard of each file', async () => {
    const base = 'https://example.com/repository/'
    const monitoring = ['prometheusRule.enabled=true', `prometheusRule.runbookBase=${base}`, 'dashboard.enabled=true']
    const objects = await render('--set', monitoring.map(value => `monitoring.${value}`).join(','))
    const rules = parse(await readFile(`${chartPath}/rules/bookstore.yaml`, 'utf8'))
    const made = pick(objects, 'PrometheusRule', 'bookstore').spec.groups
    const alerts = (groups: typeof made) => groups.flatMap((group: typeof made) => group.rules)
    expect(alerts(made).map(({ expr }: { expr: string }) => expr)).toEqual(
      alerts(rules.groups).map(({ expr }: { expr: string }) => expr)
    )
    const pages = alerts(made).flatMap((rule: typeof made) => rule.annotations?.runbook_url ?? [])
    expect(pages.every((page: string) => page.startsWith(`${base}docs/alerts.md#`))).toBe(true)
    const { data } = pick(objects, 'ConfigMap', 'bookstore-dashboard')
    for (const name of await readdir(`${chartPath}/dashboards`)) {
      expect(data[`bookstore-${name}`].trim()).toBe((await readFile(`${chartPath}/dashboards/${name}`, 'utf8')).trim())
    }
  })

  test('restarts nothing when only the split changes and the buyer follows the cluster', async () => {
    const templates = async (...args: string[]) =>
      (await render('--set', 'mesh=osm', ...args))
        .filter(({ kind }) => kind === 'Deployment')
        .map(({ spec }) => spec.template)
    expect(await templates('--set', 'split.v1=1')).toEqual(await templates('--set', 'split.v1=9'))
    const off = ['--set', 'clusterPolicies.enabled=false']
    expect(await templates('--set', 'split.v1=1', ...off)).not.toEqual(await templates('--set', 'split.v1=9', ...off))
  })
})
