import { judgeAccess } from '@bookstore/verdict'
import {
  buckets,
  buyerExample,
  type Example,
  minutesAgo,
  scattered,
  secondsAgo,
  thiefExample
} from './snapshots.ts'

const EVEN = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }
const MOSTLY_V1 = { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 }
const buying = (weights = EVEN, seconds = 240) =>
  buckets(seconds, index => ({ byVersion: scattered(weights, index) }))
const denials = (seconds = 240) => buckets(seconds, () => ({ denied: 10 }))

const BROKEN =
  'traffic-split.yaml, line 12: expected weight to be a number of at least 0, got "fifty"'
const LONG = 'averyveryverylongnameofaversionthatsomebodyputintotheiridentityheadertoseewhathappens'

/** Every state that a page can be in, by name. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  empty: buyerExample({
    overrides: {
      headline: { status: 'pending', title: 'Opening the shop', text: 'Nothing was tried yet.' }
    }
  }),
  pending: buyerExample({
    counts: { 'bookstore-v1': 218, 'bookstore-v2': 202 },
    timeline: buying(EVEN, 42),
    overrides: { burst: { running: true, done: 420, total: 2000 } }
  }),
  settling: settling(),
  pass: passing(),
  fail: buyerExample({
    counts: { 'bookstore-v1': 1822, 'bookstore-v2': 204 },
    timeline: [
      ...buckets(130, index => ({ byVersion: scattered(EVEN, index) }), 110),
      ...buying(MOSTLY_V1, 110)
    ]
  }),
  denied: denied(),
  'denied as declared': deniedAsDeclared(),
  'mesh absent': buyerExample({
    counts: { 'bookstore-v1': 700, 'bookstore-v2': 688 },
    timeline: buying(EVEN, 139),
    overrides: {
      mesh: null,
      policies: { kind: 'none', inForce: [], lastChange: null, problems: [], denial: null }
    }
  }),
  'policy broken': buyerExample({
    counts: { 'bookstore-v1': 800, 'bookstore-v2': 811 },
    timeline: buying(),
    overrides: {
      headline: {
        status: 'broken',
        title: 'A policy file is broken',
        text: `${BROKEN}. The last good policies stay in force.`
      },
      policies: {
        ...passing().snapshot.policies,
        problems: [`${BROKEN}.`]
      }
    }
  }),
  'no store': noStore(),
  'nothing declared': buyerExample({
    declared: null,
    counts: { 'bookstore-v1': 640, 'bookstore-v2': 98 },
    timeline: buying(MOSTLY_V1, 74)
  }),
  'many versions': manyVersions(),
  'long texts': longTexts(),
  'thief denied': thiefExample({ denied: 2400, timeline: denials() }),
  'thief steals': thiefExample({
    denied: 1900,
    stolen: 41,
    timeline: [
      ...buckets(230, () => ({ denied: 10 }), 10),
      ...buckets(10, () => ({ byVersion: { 'bookstore-v1': 5 } }))
    ]
  })
}

function passing(): Example {
  const example = buyerExample({
    counts: { 'bookstore-v1': 2231, 'bookstore-v2': 2187 },
    timeline: [
      ...buckets(80, index => ({ byVersion: scattered(MOSTLY_V1, index) }), 160),
      ...buying(EVEN, 160)
    ]
  })
  const { snapshot } = example
  return {
    ...example,
    snapshot: {
      ...snapshot,
      window: {
        ...snapshot.window,
        id: 2,
        from: secondsAgo(160),
        convergence: 'converged after 0.9 s'
      },
      policies: {
        ...snapshot.policies,
        lastChange: { at: secondsAgo(160), text: 'traffic-split-50-50.yaml was applied' }
      },
      earlierWindows: [
        {
          ...snapshot.window,
          from: minutesAgo(12),
          to: secondsAgo(160),
          declared: MOSTLY_V1,
          status: 'pass',
          purchases: 5605,
          reason:
            'matches 90/10: bookstore-v1 89.8 % ± 1.6 after 5,605 purchases, every version is within ± 5 points of what was declared'
        }
      ]
    }
  }
}

function settling(): Example {
  const example = passing()
  const { snapshot } = example
  return {
    timeline: example.timeline,
    snapshot: {
      ...snapshot,
      headline: {
        status: 'pending',
        title: 'The declared split just changed',
        text: 'Settling for 5 s: what comes now is measured and not judged.'
      },
      window: {
        ...snapshot.window,
        from: secondsAgo(3),
        status: 'pending',
        purchases: 31,
        settling: true,
        convergence: null,
        staleAnswers: 7
      }
    }
  }
}

function denied(): Example {
  const denial =
    'No TrafficTarget lets bookbuyer/bookbuyer call bookstore/bookstore: traffic-access-v1.yaml was removed and permissive mode is off.'
  const { snapshot, timeline } = buyerExample({
    counts: { 'bookstore-v1': 410, 'bookstore-v2': 402 },
    denied: 950,
    timeline: [
      ...buckets(145, index => ({ byVersion: scattered(EVEN, index) }), 95),
      ...denials(95)
    ]
  })
  return {
    timeline,
    snapshot: {
      ...snapshot,
      headline: {
        status: 'fail',
        title: 'Denied, though it should be let in',
        text: `${snapshot.access.reason}. ${denial}`
      },
      policies: {
        ...snapshot.policies,
        inForce: [],
        lastChange: { at: secondsAgo(95), text: 'traffic-access-v1.yaml was removed' },
        denial
      },
      lastOutcome: {
        at: secondsAgo(0),
        kind: 'denied',
        text: 'denied: connection closed without an answer'
      }
    }
  }
}

function deniedAsDeclared(): Example {
  const { snapshot, timeline } = denied()
  const access = judgeAccess({ asExpected: 950, otherwise: 0, unclear: 0 }, { expected: 'denied' })
  return {
    timeline,
    snapshot: {
      ...snapshot,
      access: {
        ...access,
        expected: 'denied',
        source: 'the local policies',
        since: secondsAgo(95)
      },
      window: { ...snapshot.window, id: 2, from: secondsAgo(95), purchases: 0 },
      earlierWindows: [{ ...snapshot.window, to: secondsAgo(95) }],
      headline: {
        status: access.status,
        title: 'Denied, as declared',
        text: `${access.reason}. ${snapshot.policies.denial}`
      }
    }
  }
}

function noStore(): Example {
  return buyerExample({
    failed: 812,
    timeline: buckets(82, () => ({ failed: 10 })),
    overrides: {
      headline: {
        status: 'broken',
        title: 'No bookstore answers',
        text: 'failed: ECONNREFUSED (connect ECONNREFUSED 127.0.0.1:14011): 812 failed so far. That is no denial: nobody is there, or something on the way is broken.'
      },
      mesh: null,
      lastOutcome: {
        at: secondsAgo(0),
        kind: 'failed',
        text: 'failed: ECONNREFUSED (connect ECONNREFUSED 127.0.0.1:14011)'
      }
    }
  })
}

function manyVersions(): Example {
  const weights = {
    'bookstore-v1': 0.3,
    'bookstore-v2': 0.2,
    'bookstore-v3': 0.2,
    'bookstore-v4': 0.1,
    'bookstore-v5': 0.1,
    'bookstore-v6': 0.1
  }
  const served = { ...weights, 'bookstore-v6': 0.05, 'bookstore-v10': 0.05 }
  return buyerExample({
    declared: weights,
    counts: {
      'bookstore-v1': 905,
      'bookstore-v2': 590,
      'bookstore-v3': 611,
      'bookstore-v4': 297,
      'bookstore-v5': 300,
      'bookstore-v6': 150,
      'bookstore-v10': 147
    },
    timeline: buckets(240, index => ({ byVersion: scattered(served, index) }))
  })
}

function longTexts(): Example {
  const { snapshot, timeline } = buyerExample({
    declared: { 'bookstore-v1': 0.5, [LONG]: 0.5 },
    counts: { 'bookstore-v1': 1234567, [LONG]: 1234500, '<script>alert(1)</script>': 3 },
    denied: 1234567,
    failed: 98765,
    timeline: buying()
  })
  const text = `${LONG} ${'and so on, at some length, '.repeat(12)}`
  return {
    timeline,
    snapshot: {
      ...snapshot,
      identity: LONG,
      headline: {
        status: 'fail',
        title: 'The mesh does not split as declared, and this title is long as well',
        text
      },
      policies: {
        kind: 'cluster',
        inForce: [text, `${LONG}/${LONG}`],
        lastChange: { at: minutesAgo(200), text },
        problems: [text, 'forbidden: trafficsplits.split.smi-spec.io may not be listed'],
        denial: text
      },
      window: { ...snapshot.window, staleAnswers: 1234, convergence: 'converged after 12.8 s' },
      earlierWindows: [1, 2, 3].map(id => ({
        ...snapshot.window,
        id,
        to: minutesAgo(4),
        status: 'fail' as const,
        reason: text
      })),
      counts: { ...snapshot.counts, byFailure: { [text]: 98765 } },
      mesh: {
        mesh: 'istio',
        evidence: text,
        identityProof: `spiffe://cluster.local/ns/${LONG}/sa/${LONG}`
      }
    }
  }
}
