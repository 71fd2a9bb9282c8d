import type { Snapshot } from '@bookstore/contract'

type Parts = Pick<
  Snapshot,
  'app' | 'health' | 'alarm' | 'counts' | 'verdict' | 'access' | 'window' | 'policies' | 'lastOutcome'
>

/** The one sentence for a person, from the verdicts: what is wrong comes first, then what is not known yet. */
export function headlineOf(parts: Parts, failuresInARow = 0): Snapshot['headline'] {
  const { policies, access, counts } = parts
  const attempts = counts.bought + counts.denied + counts.failed
  if (policies.problems.length > 0 && policies.kind === 'local-mesh') {
    return {
      status: 'broken',
      title: 'The policies cannot be read',
      text: `${policies.problems[0]?.replace(/(?<![.!?])$/, '.')} The last good policies stay in force.`
    }
  }
  if (attempts === 0) {
    return { status: 'pending', title: 'Opening the shop', text: 'Nothing was tried yet.' }
  }
  if (isNobodyThere(parts, failuresInARow)) return nobodyThere(parts)
  const judged = access.expected === 'allowed' || parts.app === 'bookbuyer' ? buying(parts) : thieving(parts)
  return withHealth(judged, parts)
}

// What was judged rests on the past, and must not hide the present. A fail stays, but a version that does not answer is
// the known reason of a wrong split.
function withHealth(judged: Snapshot['headline'], { health, access }: Parts): Snapshot['headline'] {
  const isReason = health.silent.length > 0 && access.status !== 'fail'
  if (health.status !== 'degraded' || (judged.status === 'fail' && !isReason)) return judged
  const before = judged.status === 'pending' ? '' : ` What was judged until now: ${judged.title}.`
  return {
    status: 'broken',
    title: health.reason.replace(/^[a-z](?=[a-z]+ )/, letter => letter.toUpperCase()),
    text: `Now: ${health.bought} bought, ${health.denied} denied, ${health.failed} failed in the last ${health.seconds} s.${before}`
  }
}

/**
 * One store of two that is away fails every other purchase. Nobody is there when so many fail in a row that one store
 * which is left would have answered, or when none was answered of late or ever.
 */
const MANY = 10
const SEVERAL = 3

function isNobodyThere({ counts, health, access }: Parts, failuresInARow: number): boolean {
  const hasMetSomebody = counts.bought + counts.denied > 0
  const isAnsweredNow = health.bought + health.denied > 0
  const sinceAnswered = isAnsweredNow ? MANY : SEVERAL
  const needed = hasMetSomebody ? sinceAnswered : 1
  return access.status !== 'fail' && failuresInARow >= needed
}

function nobodyThere({ lastOutcome, counts }: Parts): Snapshot['headline'] {
  return {
    status: 'broken',
    title: 'No bookstore answers',
    text: `${lastOutcome?.text ?? 'The store does not answer'}: ${counts.failed} failed so far. That is no denial: nobody is there, or something on the way is broken.`
  }
}

function buying(parts: Parts): Snapshot['headline'] {
  const { access, window, policies, app } = parts
  if (access.expected === 'denied') {
    if (access.status === 'fail') {
      return {
        status: 'fail',
        title: 'Let in, though it should be denied',
        text: sentences(access.reason, policies.denial)
      }
    }
    return {
      status: access.status,
      title: 'Denied, as declared',
      text: sentences(access.reason, policies.denial)
    }
  }
  if (access.status === 'fail') {
    const why = policies.denial ?? 'no policy that can be seen from here explains it'
    return {
      status: 'fail',
      title: 'Denied, though it should be let in',
      text: sentences(access.reason, why)
    }
  }
  if (window.settling) {
    return {
      status: 'pending',
      title: 'The declared split just changed',
      text: window.convergence ?? window.reason
    }
  }
  if (app === 'bookthief') return { status: access.status, title: 'Stealing, and nobody minds', text: access.reason }
  return splitting(parts)
}

// only what chance does not give in a class full of windows is called wrong
function splitting({ verdict, alarm }: Parts): Snapshot['headline'] {
  const judged = { status: verdict.status, title: SPLIT_TITLES[verdict.status], text: verdict.reason }
  if (alarm === null) return judged
  const since = alarm.isLeftBehind ? 'all purchases together look right again' : null
  if (alarm.isProven) return { ...judged, text: since === null ? judged.text : sentences(judged.text, since) }
  return { status: 'pending', title: 'Perhaps not as declared', text: sentences(judged.text, since) }
}

const SPLIT_TITLES = {
  pass: 'The mesh splits as declared',
  fail: 'The mesh does not split as declared',
  pending: 'Still counting'
} as const

function thieving({ access, policies }: Parts): Snapshot['headline'] {
  if (access.status === 'fail') {
    return { status: 'fail', title: 'The thief gets in', text: access.reason }
  }
  return {
    status: access.status,
    title: 'Denied, as expected',
    text: sentences(access.reason, policies.denial)
  }
}

function sentences(...parts: readonly (string | null)[]): string {
  const whole = parts.filter(part => part !== null).map(part => part.replace(/\.$/, ''))
  return whole.map(part => `${part.charAt(0).toUpperCase()}${part.slice(1)}.`).join(' ')
}
