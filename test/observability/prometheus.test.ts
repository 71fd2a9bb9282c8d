import { readFile } from 'node:fs/promises'
import {
  type Prometheus,
  RARE_ALARMS,
  type RunningApp,
  repositoryRoot,
  requirePrometheus,
  type Sample,
  startBookstore,
  startPrometheus,
  type TestBookstore,
  waitFor
} from '@bookstore/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DASHBOARDS } from './dashboards.ts'
import { renderDashboard } from './render-dashboard.ts'

test.each(Object.entries(DASHBOARDS))('the chart has %s as it is written', async (name, dashboard) => {
  expect(await readFile(`${repositoryRoot}charts/bookstore/dashboards/${name}`, 'utf8')).toBe(
    renderDashboard(dashboard)
  )
})

const expressions = Object.values(DASHBOARDS).flatMap(({ title, panels }) =>
  panels.flatMap(panel => panel.queries.map(({ expr }) => ({ panel: `${title}: ${panel.title}`, expr })))
)

/** As Grafana would fill it in, for a scrape a second. */
const filled = (expr: string) => expr.replaceAll('$namespace', '.*').replaceAll('$__rate_interval', '5s')

const RULES = await readFile(`${repositoryRoot}charts/bookstore/rules/bookstore.yaml`, 'utf8')
/** The rules without their waits: promtool's tests hold those. */
const impatient = RULES.replaceAll(/^ *for: .*\n/gm, '').replaceAll('[2m]', '[10s]')

describe.skipIf(!requirePrometheus())('a real Prometheus', () => {
  const stack = new AsyncDisposableStack()
  let shop: TestBookstore
  let prometheus: Prometheus

  beforeAll(async () => {
    shop = stack.use(
      await startBookstore({
        policies: ['permissive-off', 'access-buyer', 'split-50-50'],
        env: name => ({
          CI_SLEEP_BETWEEN_REQUESTS_SECONDS: name === 'bookbuyer' ? '0.02' : '0.2',
          VERDICT_SETTLE_SECONDS: '1',
          ...RARE_ALARMS,
          VERDICT_TOLERANCE: '20'
        })
      })
    )
    const target = (app: string, pod: string, { metricsPort }: RunningApp) => ({
      address: `127.0.0.1:${metricsPort}`,
      labels: { app, pod, namespace: app }
    })
    prometheus = stack.use(
      await startPrometheus({
        targets: [
          target('bookbuyer', 'bookbuyer', shop.buyer),
          target('bookthief', 'bookthief', shop.thief),
          target('bookstore', 'bookstore-v1', shop.v1),
          target('bookstore', 'bookstore-v2', shop.v2),
          target('bookwarehouse', 'bookwarehouse', shop.warehouse)
        ],
        rules: impatient
      })
    )
  }, 120_000)

  afterAll(() => stack.disposeAsync())

  const ask = (expr: string) => prometheus.query(filled(expr))
  const valueIn = (samples: readonly Sample[], labels: Sample['labels'] = {}) =>
    samples.find(sample => Object.entries(labels).every(([name, value]) => sample.labels[name] === value))?.value
  const headline = async (status: string) =>
    valueIn(await ask(`bookstore_headline{app="bookbuyer",status="${status}"}`))
  const firing = async () =>
    (await ask('ALERTS{alertstate="firing"}')).map(({ labels }) => labels['alertname']).toSorted()
  const panel = (title: string) => {
    const found = expressions.find(one => one.panel.endsWith(`: ${title}`))
    if (found === undefined) throw new Error(`expected a panel named ${title}`)
    return ask(found.expr)
  }
  const emptyOrNaN = async () => {
    const answers = await Promise.all(expressions.map(async one => ({ ...one, samples: await ask(one.expr) })))
    return answers
      .filter(({ samples }) => samples.length === 0 || samples.some(({ value }) => Number.isNaN(value)))
      .map(({ panel: name, expr }) => `${name}: ${expr}`)
  }

  test('gives something in every panel while the bookstore is well, and raises no alert', async () => {
    await waitFor(async () => (await headline('pass')) === 1 && (await emptyOrNaN()).length === 0, {
      what: 'a pass, and a value in every panel'
    }).catch(async error => {
      throw new Error(`${(error as Error).message}\n${(await emptyOrNaN()).join('\n')}`)
    })
    expect(await firing()).toEqual([])
    expect(valueIn(await panel('Headline'))).toBe(1)
    expect(valueIn(await panel('Split verdict'))).toBe(1)
    expect(valueIn(await panel('Access of the thief'))).toBeLessThanOrEqual(2)
    const declared = await panel('Declared against observed')
    expect(declared.map(({ value }) => value)).toEqual([0.5, 0.5])
    // buyer and thief are told apart: the buyer buys, and the thief is denied
    const buyer = await panel('Attempts of the buyer')
    const thief = await panel('Attempts of the thief')
    expect(valueIn(buyer, { outcome: 'bought' })).toBeGreaterThan(0)
    expect(valueIn(buyer, { outcome: 'denied' })).toBe(0)
    expect(valueIn(thief, { outcome: 'bought' })).toBe(0)
    expect(valueIn(thief, { outcome: 'denied' })).toBeGreaterThan(0)
    const versions = (await panel('Books the buyer bought, by version')).map(({ labels }) => labels['version'])
    expect(versions.toSorted()).toEqual(['bookstore-v1', 'bookstore-v2'])
    expect((await panel('Programs that can be scraped')).every(({ value }) => value === 1)).toBe(true)
    const routes = (await ask('http_server_request_duration_seconds_count')).map(({ labels }) => labels['http_route'])
    expect(routes.filter(route => /liveness|readiness|startup/.test(route ?? ''))).toEqual([])
  }, 90_000)

  test('says in an outage what is wrong, in panels and alerts', async () => {
    await Promise.all([shop.v1.stop('SIGKILL'), shop.v2.stop('SIGKILL')])
    await waitFor(async () => (await headline('broken')) === 1 && (await firing()).includes('BookstoreNothingBought'), {
      what: 'a broken headline and its alerts'
    })
    expect(await emptyOrNaN()).toEqual([])
    expect(valueIn(await panel('Headline'))).toBe(4)
    expect(valueIn(await ask('bookstore_split_verdict{app="bookbuyer",status="pass"}'))).toBe(0)
    expect(valueIn(await panel('Attempts of the buyer'), { outcome: 'failed' })).toBeGreaterThan(1)
    // one reason of several: a connection that breaks, and then those that are refused
    const failures = (await panel('Why purchases fail or are denied')).filter(
      ({ labels }) => labels['outcome'] === 'failed'
    )
    expect(Math.max(...failures.map(({ value }) => value))).toBeGreaterThan(1)
    expect(valueIn(await panel('Programs that can be scraped'), { pod: 'bookstore-v1' })).toBe(0)
    expect(await firing()).toEqual(
      expect.arrayContaining([
        'BookstoreHeadlineBroken',
        'BookstoreNothingBought',
        'BookstoreTargetDown',
        'BookstoreVersionSilent'
      ])
    )
  }, 60_000)
})
