import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Sample, samplesOf } from '@bookstore/testing'
import { parse } from 'yaml'
import { kubectl, run } from '../command.ts'
import type { CollectedSpan } from './collector.ts'

const chart = fileURLToPath(new URL('../../../charts/bookstore', import.meta.url))

/** A namespace that no mesh knows, with a collector and perhaps a Prometheus. */
export const MONITORING = 'bookstore-monitoring'
export const COLLECTOR = `collector.${MONITORING}.svc.cluster.local`

/** Starts the collector in a pod, on the Node of the bookstore's own image. */
export async function startCollector(image: string): Promise<void> {
  const source = await readFile(new URL('collector.ts', import.meta.url), 'utf8')
  const ports = [
    { name: 'grpc-otlp', port: 4317 },
    { name: 'http-otlp', port: 4318 },
    { name: 'http-zipkin', port: 9411 }
  ]
  await apply([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: named('collector'), data: { 'collector.ts': source } },
    pod('collector', {
      containers: [
        {
          name: 'collector',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['/nodejs/bin/node', '/collector/collector.ts'],
          volumeMounts: [{ name: 'source', mountPath: '/collector' }]
        }
      ],
      volumes: [{ name: 'source', configMap: { name: 'collector' } }]
    }),
    { apiVersion: 'v1', kind: 'Service', metadata: named('collector'), spec: { selector: { app: 'collector' }, ports } }
  ])
  await ready('collector')
}

/** All spans that the collector has. */
export async function collectedSpans(): Promise<readonly CollectedSpan[]> {
  return JSON.parse(await kubectl('get', '--raw', proxied('collector:4318', ''))) as readonly CollectedSpan[]
}

/** Starts a Prometheus that scrapes what the chart's PodMonitor chooses, each second. */
export async function startPrometheus(image: string, mesh: string): Promise<void> {
  const config = { global: { scrape_interval: '1s' }, scrape_configs: [await scrapeConfig(mesh)] }
  await apply([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named('prometheus') },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: MONITORING },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }]
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: MONITORING },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: MONITORING },
      subjects: [{ kind: 'ServiceAccount', name: 'prometheus', namespace: MONITORING }]
    },
    // JSON is YAML
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: named('prometheus'),
      data: { 'prometheus.yml': JSON.stringify(config) }
    },
    pod('prometheus', {
      serviceAccountName: 'prometheus',
      containers: [
        {
          name: 'prometheus',
          image,
          imagePullPolicy: 'IfNotPresent',
          args: ['--config.file=/config/prometheus.yml', '--storage.tsdb.path=/tmp/prometheus'],
          volumeMounts: [{ name: 'config', mountPath: '/config' }]
        }
      ],
      volumes: [{ name: 'config', configMap: { name: 'prometheus' } }]
    })
  ])
  await ready('prometheus')
}

/** What Prometheus answers to an expression. */
export async function query(expression: string): Promise<readonly Sample[]> {
  const path = proxied('prometheus:9090', `api/v1/query?query=${encodeURIComponent(expression)}`)
  return samplesOf(expression, JSON.parse(await kubectl('get', '--raw', path)))
}

/** Removes all of it. */
export async function removeMonitoring(): Promise<void> {
  await kubectl('delete', 'namespace', MONITORING, '--ignore-not-found')
  await kubectl('delete', 'clusterrole,clusterrolebinding', MONITORING, '--ignore-not-found')
}

interface PodMonitor {
  readonly spec: {
    readonly namespaceSelector: { readonly matchNames: readonly string[] }
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
    readonly podTargetLabels: readonly string[]
    readonly podMetricsEndpoints: readonly [{ readonly port: string }]
  }
}

/** What the Prometheus operator makes of the chart's PodMonitor. */
async function scrapeConfig(mesh: string): Promise<object> {
  const values = ['--set', `mesh=${mesh}`, '--set', 'monitoring.podMonitor.enabled=true']
  const shown = ['--kube-version', '1.30.0', '--show-only', 'templates/monitoring/podmonitor.yaml']
  const { spec } = parse(await run('helm', ['template', 'bookstore', chart, ...values, ...shown])) as PodMonitor
  const label = (name: string) => `__meta_kubernetes_pod_label_${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`
  const keep = (source: string, regex: string) => ({ source_labels: [source], regex, action: 'keep' })
  const take = (source: string, target: string) => ({ source_labels: [source], target_label: target })
  return {
    job_name: 'bookstore',
    kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: spec.namespaceSelector.matchNames } }],
    relabel_configs: [
      ...Object.entries(spec.selector.matchLabels).map(([name, value]) => keep(label(name), value)),
      keep('__meta_kubernetes_pod_container_port_name', spec.podMetricsEndpoints[0].port),
      keep('__meta_kubernetes_pod_phase', 'Running'),
      ...spec.podTargetLabels.map(name => take(label(name), name)),
      take('__meta_kubernetes_pod_name', 'pod'),
      take('__meta_kubernetes_namespace', 'namespace')
    ]
  }
}

async function apply(objects: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects }
  await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(list) })
}

function named(name: string): object {
  return { name, namespace: MONITORING, labels: { app: name } }
}

function pod(name: string, spec: object): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: named(name), spec }
}

async function ready(name: string): Promise<void> {
  await kubectl('wait', '-n', MONITORING, '--for=condition=Ready', `pod/${name}`, '--timeout=120s')
}

function proxied(target: string, path: string): string {
  return `/api/v1/namespaces/${MONITORING}/pods/${target}/proxy/${path}`
}
