import { type Env, parseDnsName, readServiceConfig, type ServiceConfig } from '@bookstore/common'
import {
  BOOKSTORE,
  type Destination,
  destinationOf,
  parseSplit,
  parseVersionSource,
  type ShopperRole,
  type Split,
  type VersionSource
} from '@bookstore/contract'

/** What a shopper is told from outside, beside what every service is told. */
export interface ShopperConfig extends ServiceConfig {
  readonly role: ShopperRole
  /** The Service that all versions stand behind, and where it is called. */
  readonly store: Destination
  /** Where answers name their version; undefined for the bookstore's own Identity header. */
  readonly versionSource: VersionSource | undefined
  readonly expectedSplit: Split | undefined
  /** Each version's share of all pods, if known: what one sees where no mesh splits. */
  readonly replicas: Split | undefined
  /** Holds while no policies can be seen. */
  readonly expectedAccess: 'allowed' | 'denied' | undefined
  /** The one status code that the thief is to meet, 0 for no answer. */
  readonly expectedCode: number | undefined
  readonly paceMs: number
  readonly concurrency: number
  readonly minSuccesses: number
  /** 0 for unlimited. */
  readonly maxIterations: number
  readonly egressUrls: readonly string[]
  readonly keepAlive: boolean
  readonly requestTimeoutMs: number
  readonly alpha: number
  /** Only a fail that chance gives less often makes the page red. */
  readonly failAlpha: number
  /** As a share: 0.05 is 5 points. */
  readonly tolerance: number
  readonly settleMs: number
  readonly isResetOpen: boolean
  /** Whether the page puts policies into POLICY_DIR. */
  readonly isLessonOpen: boolean
  readonly mesh: 'unknown' | 'osm' | 'istio' | 'linkerd' | 'none'
  readonly policyDir: string | undefined
  /** Where the record of every second is kept; undefined: nowhere. */
  readonly stateDir: string | undefined
  readonly meshTopology: string | undefined
  readonly meshAccount: string | undefined
  readonly clusterPolicies: boolean
  readonly clusterNamespaces: readonly string[]
  readonly meshConfigNamespaces: readonly string[]
}

const DEFAULT_IDENTITY: Readonly<Record<ShopperRole, string>> = {
  bookbuyer: 'Bookbuyer',
  bookthief: 'Bookthief'
}

/** Reads a shopper's settings (docs/configuration.md). @throws ConfigError naming everything that cannot be read */
export function readShopperConfig(role: ShopperRole, env: Env, argv: readonly string[]): ShopperConfig {
  return readServiceConfig(env, argv, { defaultIdentity: DEFAULT_IDENTITY[role] }, settings => {
    const seconds = (name: string, fallback: number, max: number) =>
      settings.decimal(name, fallback, { min: 0, max }) * 1000
    const names = (name: string, fallback: string) =>
      settings
        .text(name, fallback)
        .split(',')
        .map(part => part.trim())
        .filter(Boolean)
    const name = settings.parsed('BOOKSTORE_SVC', parseDnsName) ?? BOOKSTORE.name
    const namespace = settings.parsed('BOOKSTORE_NAMESPACE', parseDnsName) ?? BOOKSTORE.namespace
    const expectedCode =
      role === 'bookthief' ? settings.parsed('BOOKTHIEF_EXPECTED_RESPONSE_CODE', parseResponseCode) : undefined
    const expectedAccess = settings.choice('EXPECTED_ACCESS', ['allowed', 'denied', ''], '')
    return {
      role,
      store: {
        ...destinationOf({ namespace, name }, settings.origin('BOOKSTORE_URL')),
        path: settings.parsed('PURCHASE_PATH', parsePath)
      },
      versionSource: settings.parsed('VERSION_SOURCE', parseVersionSource),
      expectedSplit: settings.parsed('EXPECTED_SPLIT', parseSplit),
      replicas: settings.parsed('EXPECTED_REPLICAS', parseSplit),
      expectedAccess: expectedAccess === '' ? undefined : expectedAccess,
      expectedCode,
      paceMs: seconds('CI_SLEEP_BETWEEN_REQUESTS_SECONDS', 1, 86_400),
      concurrency: settings.integer('CI_CLIENT_CONCURRENT_CONNECTIONS', 1, { min: 1, max: 256 }),
      minSuccesses: settings.integer('CI_MIN_SUCCESS_THRESHOLD', 1, { min: 1 }),
      maxIterations: settings.integer('CI_MAX_ITERATIONS_THRESHOLD', 0, { min: 0 }),
      egressUrls:
        settings.choice('ENABLE_EGRESS', ['true', 'false'], 'false') === 'true'
          ? (settings.parsed('EGRESS_URLS', parseUrls) ?? EGRESS_URLS)
          : [],
      keepAlive: settings.choice('HTTP_KEEP_ALIVE', ['on', 'off'], 'on') === 'on',
      requestTimeoutMs: settings.integer('REQUEST_TIMEOUT_MS', 5_000, { min: 10, max: 300_000 }),
      alpha: settings.decimal('VERDICT_ALPHA', 0.01, { min: 1e-9, max: 0.5 }),
      failAlpha: settings.decimal('VERDICT_FAIL_ALPHA', 0.001, { min: 1e-9, max: 0.5 }),
      tolerance: settings.decimal('VERDICT_TOLERANCE', 5, { min: 0.1, max: 50 }) / 100,
      settleMs: seconds('VERDICT_SETTLE_SECONDS', 5, 3_600),
      isLessonOpen: settings.choice('LESSON', ['on', 'off'], 'on') === 'on',
      isResetOpen: settings.choice('RESET', ['on', 'off'], 'on') === 'on',
      mesh: settings.choice('MESH', ['unknown', 'osm', 'istio', 'linkerd', 'none'], 'unknown'),
      policyDir: settings.optionalText('POLICY_DIR'),
      stateDir: settings.optionalText('STATE_DIR'),
      meshTopology: settings.optionalText('MESH_TOPOLOGY'),
      meshAccount: settings.optionalText('MESH_ACCOUNT'),
      clusterPolicies: settings.choice('CLUSTER_POLICIES', ['on', 'off'], 'off') === 'on',
      clusterNamespaces: names('CLUSTER_NAMESPACES', 'bookbuyer,bookthief,bookstore,bookwarehouse'),
      meshConfigNamespaces: names('MESH_CONFIG_NAMESPACES', 'osm-system,kube-system')
    }
  })
}

/**
 * The original's hosts outside the mesh, one of each scheme is tried in every iteration when ENABLE_EGRESS is `true`.
 */
const EGRESS_URLS = ['http://edition.cnn.com/', 'https://github.com/']

function parseUrls(text: string): readonly string[] {
  const urls = text.split(/[\s,]+/).filter(Boolean)
  const fits = urls.every(url => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
  if (fits && urls.length >= 1 && urls.length <= 16) return urls
  throw new Error('expected 1 to 16 addresses such as http://example.com/, with commas between them')
}

function parsePath(text: string): string {
  if (/^\/[\x21-\x7e]{0,1023}$/.test(text)) return text
  throw new Error('expected a path such as /version')
}

function parseResponseCode(text: string): number {
  if (!/^(0|[1-5]\d\d)$/.test(text)) {
    throw new Error('expected an HTTP status code, or 0 for no answer')
  }
  return Number(text)
}
