import { always, type Example, salesOf, shared, simulateShopper } from './simulated-shopper.ts'
import { buyerExample } from './snapshots.ts'

const EVEN = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }
const MOSTLY_V1 = { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 }
const SPLIT_EVENLY = ['permissive-on', 'split-50-50'] as const
const LONG = 'averyveryverylongnameofaversionthatsomebodyputintotheiridentityheadertoseewhathappens'

const STATES = {
  empty: () => simulateShopper({ seconds: 0, policies: SPLIT_EVENLY }).example(),
  pending,
  settling: () => changed(3),
  pass: () => changed(320),
  fail,
  proven,
  denied: () => buyerExample({ counts: { 'bookstore-v1': 410, 'bookstore-v2': 402 }, denied: 950 }),
  'denied as declared': deniedAsDeclared,
  'mesh absent': () =>
    buyerExample({
      counts: { 'bookstore-v1': 700, 'bookstore-v2': 688 },
      env: { MESH: 'unknown' }
    }),
  'lesson in a cluster': lessonInCluster,
  'silent version': silentVersion,
  'after a reset': afterReset,
  'policy broken': policyBroken,
  'no store': () => buyerExample({ failed: 810 }),
  'nothing declared': () =>
    buyerExample({
      declared: null,
      counts: { 'bookstore-v1': 640, 'bookstore-v2': 98 }
    }),
  'many versions': manyVersions,
  'long texts': longTexts,
  'thief denied': () => thief(0),
  'thief steals': () => thief(10)
}

/** The name of a state that a page can be in. */
export type ExampleName = keyof typeof STATES

/** All of them. */
export const EXAMPLE_NAMES = Object.keys(STATES) as readonly ExampleName[]

const made = new Map<ExampleName, Example>()

/** The state of the program after what it met; made when it is asked for, and once. */
export function exampleOf(name: ExampleName): Example {
  const known = made.get(name) ?? STATES[name]()
  made.set(name, known)
  return known
}

function pending(): Example {
  const shopper = simulateShopper({ seconds: 42, policies: SPLIT_EVENLY })
  shopper.during(42, shared(EVEN, 42))
  return shopper.example({ running: true, done: 420, total: 2000 })
}

/** A split that was shifted from 90/10 to 50/50 so many seconds ago. */
function changed(secondsAgo: number): Example {
  const shopper = simulateShopper({
    seconds: 400 + secondsAgo,
    policies: ['permissive-on', 'split-90-10']
  })
  shopper.during(400, shared(MOSTLY_V1, 400))
  shopper.apply(...SPLIT_EVENLY)
  shopper.during(secondsAgo, shared(EVEN, secondsAgo))
  return shopper.example()
}

/** After a proof: one promise of each verdict, the rest is declared or not. */
function proven(): Example {
  const shopper = simulateShopper({ seconds: 60, policies: ['retries', 'rate-limit'] })
  shopper.during(60, shared(EVEN, 60))
  const result = { declaredBy: 'an object: what it says', seen: 'so much', reason: 'because of that', todo: '' }
  shopper.proven([
    { ...result, name: 'load-balancing', status: 'pass' },
    { ...result, name: 'retries', status: 'fail', todo: 'look at the MeshConfig' },
    { ...result, name: 'timeouts', status: 'pending' },
    { ...result, name: 'mutual-tls', status: 'not-visible', seen: '' },
    { ...result, name: 'egress', status: 'not-declared', declaredBy: '', seen: '' }
  ])
  return shopper.example()
}

function fail(): Example {
  const shopper = simulateShopper({ seconds: 240, policies: SPLIT_EVENLY })
  shopper.during(130, shared(EVEN, 130))
  shopper.during(110, shared(MOSTLY_V1, 110))
  return shopper.example()
}

function deniedAsDeclared(): Example {
  const shopper = simulateShopper({ seconds: 240, policies: SPLIT_EVENLY })
  shopper.during(145, shared(EVEN, 145))
  shopper.apply('permissive-off', 'split-50-50')
  shopper.during(95, always('denied', 95))
  return shopper.example()
}

function lessonInCluster(): Example {
  const shopper = simulateShopper({ seconds: 240, policies: SPLIT_EVENLY, hand: 'kubectl' })
  shopper.during(120, shared(EVEN, 120))
  shopper.apply('permissive-on', 'split-90-10')
  shopper.during(120, shared(MOSTLY_V1, 120))
  return shopper.example()
}

/** A pass, and then v2 answers nothing more. */
function silentVersion(): Example {
  const shopper = simulateShopper({ seconds: 240, policies: SPLIT_EVENLY })
  shopper.during(220, shared(EVEN, 220))
  shopper.during(
    20,
    Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 'refused' : { sells: 'bookstore-v1' }))
  )
  return shopper.example()
}

function afterReset(): Example {
  const shopper = simulateShopper({ seconds: 360, policies: SPLIT_EVENLY })
  shopper.during(320, shared(EVEN, 320))
  shopper.reset()
  shopper.during(40, shared(EVEN, 40))
  return shopper.example()
}

function policyBroken(): Example {
  const shopper = simulateShopper({ seconds: 240, policies: SPLIT_EVENLY })
  shopper.during(200, shared(EVEN, 200))
  shopper.apply('permissive-on', { name: 'split.yaml', text: splitOf('bookstore-split', 'fifty') })
  shopper.during(40, shared(EVEN, 40))
  return shopper.example()
}

function manyVersions(): Example {
  return buyerExample({
    declared: {
      'bookstore-v1': 0.3,
      'bookstore-v2': 0.2,
      'bookstore-v3': 0.2,
      'bookstore-v4': 0.1,
      'bookstore-v5': 0.1,
      'bookstore-v6': 0.1
    },
    counts: {
      'bookstore-v1': 905,
      'bookstore-v2': 590,
      'bookstore-v3': 611,
      'bookstore-v4': 297,
      'bookstore-v5': 300,
      'bookstore-v6': 150,
      'bookstore-v10': 147
    }
  })
}

/** As long as texts get: names of objects, an identity, an answer of something that is no store. */
function longTexts(): Example {
  const shopper = simulateShopper({
    seconds: 240,
    env: { IDENTITY: LONG },
    policies: ['permissive-off', { name: 'split.yaml', text: splitOf(LONG, '50') }]
  })
  shopper.during(120, salesOf({ 'bookstore-v1': 12_345, [`${LONG}-${LONG}`]: 12_300 }))
  shopper.apply('permissive-off', {
    name: `${LONG}.yaml`,
    text: splitOf(LONG, 'and so on, at some length, '.repeat(12))
  })
  shopper.during(120, [...always('denied', 100), ...always('refused', 100)])
  return shopper.example()
}

function thief(secondsOfTheft: number): Example {
  const shopper = simulateShopper({
    role: 'bookthief',
    seconds: 240,
    policies: ['permissive-off', 'access-buyer']
  })
  const denied = 240 - secondsOfTheft
  shopper.during(denied, always('denied', denied))
  shopper.during(secondsOfTheft, always({ sells: 'bookstore-v1' }, secondsOfTheft))
  return shopper.example()
}

function splitOf(name: string, weight: string): string {
  return `apiVersion: split.smi-spec.io/v1alpha2
kind: TrafficSplit
metadata: {name: ${name}, namespace: bookstore}
spec:
  service: bookstore
  backends:
  - {service: bookstore-v1, weight: 50}
  - {service: bookstore-v2, weight: "${weight}"}
`
}
