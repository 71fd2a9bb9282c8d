import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requirePrometheus } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { registries, renderMetricsPage } from './metrics-page.ts'

const root = join(import.meta.dirname, '../..')

test('docs/metrics.md is what the programs register', async () => {
  expect(await readFile(join(root, 'docs/metrics.md'), 'utf8')).toBe(await renderMetricsPage())
})

test('every alert has its section in docs/alerts.md, and its runbook_url leads there', async () => {
  const { groups } = parse(await readFile(join(root, 'charts/bookstore/rules/bookstore.yaml'), 'utf8'))
  const page = await readFile(join(root, 'docs/alerts.md'), 'utf8')
  const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading = '']) => heading)
  const alerts = groups
    .flatMap((group: { rules: object[] }) => group.rules)
    .filter((rule: object) => 'alert' in rule) as { alert: string; annotations: { runbook_url: string } }[]
  expect(alerts.map(({ alert }) => alert).toSorted()).toEqual(headings.toSorted())
  for (const { alert, annotations } of alerts) {
    expect(annotations.runbook_url).toBe(`docs/alerts.md#${alert.toLowerCase()}`)
  }
})

describe.skipIf(!requirePrometheus())('promtool', () => {
  test('finds nothing wrong with any metric', async () => {
    for (const registry of Object.values(registries())) {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: await registry.metrics(),
        encoding: 'utf8'
      })
      expect(stdout + stderr).toBe('')
      expect(status).toBe(0)
    }
  })

  test('finds that every alert fires, stops, and is silent while all is well', () => {
    const run = spawnSync('promtool', ['test', 'rules', join(root, 'test/observability/rules.test.yaml')], {
      encoding: 'utf8'
    })
    expect(run.stdout + run.stderr).toContain('SUCCESS')
    expect(run.status).toBe(0)
  }, 120_000)
})
