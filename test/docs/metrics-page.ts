import { readFile, writeFile } from 'node:fs/promises'
import { createRegistry, createRequestMetrics, type Registry } from '@bookstore/common'
import { createMemoryLedger } from '../../apps/bookstore/src/ledger/memory-ledger.ts'
import { createBookstoreMetrics } from '../../apps/bookstore/src/metrics.ts'
import { createWarehouseMetrics } from '../../apps/bookwarehouse/src/warehouse-metrics.ts'
import { countDecisions } from '../../packages/local-mesh/src/count-decisions.ts'
import { createShopperMetrics } from '../../packages/shopper/src/metrics/shopper-metrics.ts'
import { addSnapshotMetrics } from '../../packages/shopper/src/metrics/snapshot-metrics.ts'
import { buyerExample } from '../../packages/shopper/test-support/snapshots.ts'

const page = new URL('../../docs/metrics.md', import.meta.url)

/** docs/metrics.md with its tables made anew from the programs' own registries. */
export async function renderMetricsPage(): Promise<string> {
  const text = await readFile(page, 'utf8')
  return Object.entries(registries()).reduce(
    (whole, [part, registry]) =>
      whole.replace(new RegExp(`(<!-- ${part} -->\n).*(<!-- /${part} -->)`, 's'), `$1${tableOf(registry)}\n$2`),
    text
  )
}

/** What each kind of program registers, beside what all of them do. */
export function registries(): Readonly<Record<string, Registry>> {
  const every = createRegistry({ app: 'bookbuyer', identity: 'Bookbuyer' })
  createRequestMetrics(every)
  return {
    every,
    shopper: fresh(registry => {
      addSnapshotMetrics(registry, () => buyerExample().snapshot)
      createShopperMetrics(registry)
      countDecisions(registry)
    }),
    store: fresh(registry => createBookstoreMetrics(registry, { store: createMemoryLedger(), outboxMax: 1 })),
    warehouse: fresh(registry =>
      createWarehouseMetrics(registry, { waiting: () => 0, connections: () => ({ used: 0, limit: 1, waiting: 0 }) })
    )
  }

  function fresh(add: (registry: Registry) => unknown): Registry {
    const registry = createRegistry({ app: 'bookbuyer', identity: 'Bookbuyer' })
    registry.clear()
    add(registry)
    return registry
  }
}

// the runtime's own are prom-client's, and described by their HELP lines
const RUNTIME = /^(process|nodejs)_/

interface Described {
  readonly name: string
  readonly help: string
  readonly type?: string
  readonly labelNames?: readonly string[]
}

function tableOf(registry: Registry): string {
  const metrics = registry.getMetricsAsArray() as unknown as readonly Described[]
  const rows = metrics
    .filter(({ name }) => !RUNTIME.test(name))
    .map(metric => {
      const { name, help, labelNames = [] } = metric
      const labels = labelNames.map(label => `\`${label}\``).join(', ')
      const kind = metric.type ?? metric.constructor.name.toLowerCase()
      return `| \`${name}\` | ${kind} | ${labels} | ${help} |`
    })
  return ['| metric | type | labels | what it says |', '|---|---|---|---|', ...rows].join('\n')
}

if (process.argv[1] === new URL(import.meta.url).pathname && process.argv.includes('--write')) {
  await writeFile(page, await renderMetricsPage())
}
