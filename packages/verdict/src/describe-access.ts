import { about, type ExpectedAccess, type Status, tolerancePoints, whole } from '@bookstore/contract'

/** Attempts by what they say about the expectation. */
export interface AccessTally {
  readonly asExpected: number
  readonly otherwise: number
  readonly unclear: number
}

/** What the reason of an access verdict is worded from. */
export interface AccessFacts {
  readonly tally: AccessTally
  readonly expected: ExpectedAccess
  readonly status: Status
  readonly upperBound: number
  readonly missing: number | null
  readonly tolerance: number
}

/** The verdict on access in words, such as "denied 120 of 120 attempts; if any get through it is fewer than 3.8 %". */
export function accessReason(facts: AccessFacts): string {
  const { asExpected, otherwise, unclear } = facts.tally
  if (asExpected + otherwise + unclear === 0) return 'nothing tried yet'
  if (asExpected + otherwise === 0) {
    return `${attempts(unclear)} failed (no answer or a server error), which proves nothing about access`
  }
  return `${conclusion(facts)}${unclear === 0 ? '' : `; ${attempts(unclear)} failed, which proves nothing`}`
}

function conclusion({ tally, expected, status, upperBound, missing, tolerance }: AccessFacts): string {
  const words = wordsFor(expected)
  const conclusive = tally.asExpected + tally.otherwise
  if (status === 'fail') {
    return `expected to be ${words.expected}, but ${whole(tally.otherwise)} of ${attempts(conclusive)} ${words.otherwise}`
  }
  const seen = `${words.seen} ${whole(tally.asExpected)} of ${attempts(conclusive)}`
  const bound = `if any ${words.ifAny} it is fewer than ${roundedUp(upperBound)} %`
  const outlook =
    missing === null ? '' : `; ${about(missing)} more to be sure of at most ${tolerancePoints(tolerance)} %`
  return `${seen}; ${bound}${outlook}`
}

interface AccessWords {
  readonly expected: string
  readonly seen: string
  readonly otherwise: string
  readonly ifAny: string
}

function wordsFor(expected: ExpectedAccess): AccessWords {
  if (expected === 'denied') {
    return { expected, seen: 'denied', otherwise: 'bought a book', ifAny: 'get through' }
  }
  if (expected === 'allowed') {
    return { expected, seen: 'allowed', otherwise: 'were denied', ifAny: 'are denied' }
  }
  const answer = expected === 0 ? 'no HTTP answer' : `status ${expected}`
  return {
    expected: `met with ${answer}`,
    seen: `met with ${answer} in`,
    otherwise: 'ended otherwise',
    ifAny: 'end otherwise'
  }
}

function attempts(number: number): string {
  return `${whole(number)} ${number === 1 ? 'attempt' : 'attempts'}`
}

// Rounded to the nearest, "fewer than" could promise more than was proven.
function roundedUp(share: number): number {
  return Math.ceil(share * 1000) / 10
}
