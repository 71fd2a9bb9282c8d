import { join } from 'node:path'
import { defaultTopology, withAddresses } from '@bookstore/contract'
import type { ServiceSpec } from './service-spec.ts'
import { type Ports, SERVICES, type ServiceName } from './up-config.ts'

/** What the five services are started from. */
export interface ServicesOptions {
  readonly root: string
  readonly dataDir: string
  readonly policyDir: string
  readonly host: string
  readonly ports: Ports
  readonly metricsPorts: Ports
  /** The user's own settings, which win where they make sense for a service. */
  readonly env: Readonly<Record<string, string | undefined>>
}

interface Role {
  readonly app: string
  readonly identity: string
  readonly account: string
  readonly stopRound: number
  env(options: ServicesOptions): Readonly<Record<string, string | undefined>>
}

const ROLES: Readonly<Record<ServiceName, Role>> = {
  bookbuyer: {
    app: 'bookbuyer',
    identity: 'Bookbuyer',
    account: 'bookbuyer/bookbuyer',
    stopRound: 0,
    env: ({ env }) => ({
      EXPECTED_SPLIT: env['EXPECTED_SPLIT'] || 'bookstore-v1=50,bookstore-v2=50',
      CI_SLEEP_BETWEEN_REQUESTS_SECONDS: env['CI_SLEEP_BETWEEN_REQUESTS_SECONDS'] || '0.1'
    })
  },
  bookthief: {
    app: 'bookthief',
    identity: 'Bookthief',
    account: 'bookthief/bookthief',
    stopRound: 0,
    // the split is the buyer's to judge
    env: () => ({ EXPECTED_SPLIT: undefined })
  },
  'bookstore-v1': store('bookstore-v1', 'bookstore/bookstore'),
  'bookstore-v2': store('bookstore-v2', 'bookstore/bookstore-v2'),
  bookwarehouse: {
    app: 'bookwarehouse',
    identity: 'bookwarehouse',
    account: 'bookwarehouse/bookwarehouse',
    stopRound: 2,
    env: ({ env, dataDir }) => ({ DATABASE_URL: env['DATABASE_URL'] || databaseUrl(dataDir) })
  }
}

/** The database that a start without DATABASE_URL uses. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'stock.db')
}

/** How each service is started: its own account in the local mesh, its port, its log. */
export function serviceSpecs(options: ServicesOptions): readonly ServiceSpec[] {
  const topology = meshTopology(options)
  return SERVICES.map(name => specOf(name, ROLES[name], { ...options, topology }))
}

function specOf(name: ServiceName, role: Role, options: ServicesOptions & { readonly topology: string }): ServiceSpec {
  const { root, dataDir, policyDir, host, ports, metricsPorts, env, topology } = options
  return {
    name,
    url: urlOf(host, ports[name]),
    metricsUrl: metricsPorts[name] === 0 ? undefined : `${urlOf(host, metricsPorts[name])}/metrics`,
    args: ['--import', join(root, 'scripts/lib/stop-with-parent.mjs'), join(root, 'apps', role.app, 'src/main.ts')],
    env: {
      ...env,
      HOST: host,
      PORT: String(ports[name]),
      METRICS_PORT: String(metricsPorts[name]),
      IDENTITY: role.identity,
      OTEL_SERVICE_NAME: name,
      POLICY_DIR: policyDir,
      STATE_DIR: env['STATE_DIR'] || join(dataDir, 'state'),
      MESH_TOPOLOGY: env['MESH_TOPOLOGY'] || topology,
      MESH_ACCOUNT: role.account,
      SHUTDOWN_DEADLINE_MS: env['SHUTDOWN_DEADLINE_MS'] || '1000',
      ...role.env(options)
    },
    logFile: join(dataDir, 'logs', `${name}.log`),
    stopRound: role.stopRound
  }
}

function store(identity: string, account: string): Role {
  return {
    app: 'bookstore',
    identity,
    account,
    stopRound: 1,
    // two stores cannot keep their books in one folder
    env: ({ env }) => ({
      OUTBOX_DIR: env['OUTBOX_DIR'] && join(env['OUTBOX_DIR'], identity),
      FAULTS: env['FAULTS'] || 'on'
    })
  }
}

function databaseUrl(dataDir: string): string {
  return `sqlite:${databaseFile(dataDir)}`
}

function meshTopology({ host, ports }: ServicesOptions): string {
  const addresses = SERVICES.map(name => [name, [urlOf(host, ports[name])]] as const)
  return JSON.stringify(withAddresses(defaultTopology(), Object.fromEntries(addresses)))
}

// who listens everywhere is reached at the loopback address
function urlOf(host: string, port: number): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}
