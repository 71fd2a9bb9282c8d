import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import commonPackage from '../../package.json' with { type: 'json' }

export { Registry } from 'prom-client'

/** The version of this build, which code, chart and image share. */
export const BUILD_VERSION: string = commonPackage.version

/** A registry with what every service tells of itself: its process, its runtime and its build. */
export function createRegistry({ app, identity }: { readonly app: string; readonly identity: string }): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  // gauges that end in `_total`, which stands for counters; the same numbers come by type as well
  for (const kind of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${kind}_total`)
  new Gauge({
    name: 'bookstore_build_info',
    help: 'What runs here; always 1.',
    labelNames: ['service_name', 'identity', 'build_version', 'node_version'] as const,
    registers: [registry]
  }).set({ service_name: app, identity, build_version: BUILD_VERSION, node_version: process.versions.node }, 1)
  return registry
}
