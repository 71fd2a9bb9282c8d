import type { RecordedSecond } from '@bookstore/contract'

/** Seconds in a row of which the same holds; `to` is excluded. Times are ms since the epoch. */
export interface Spell {
  readonly from: number
  readonly to: number
  /** What was seen in them, in words. */
  readonly evidence: string
}

/** What a second says of a question; undefined: nothing, because nothing came in it. */
export type Judge = (second: RecordedSecond) => boolean | undefined

const SECOND_MS = 1_000

/**
 * The spells in which something held. A second that says nothing is a pause between two tries and goes with the next
 * one; a longer silence is what `silence` says. Seconds that are missing from the record end a spell: nobody looked.
 */
export function spellsOf(
  seconds: readonly RecordedSecond[],
  { judge, silence }: { readonly judge: Judge; readonly silence: boolean }
): readonly Spell[] {
  return stretchesOf(seconds).flatMap(stretch => {
    const answers = stretch.map(judge)
    const held = settled(answers, silence, pauseOf(answers))
    const spells: RecordedSecond[][] = []
    stretch.forEach((second, at) => {
      if (held[at] !== true) return
      if (held[at - 1] === true) spells.at(-1)?.push(second)
      else spells.push([second])
    })
    return spells.map(toSpell)
  })
}

/** How many seconds spells last together. */
export function lengthOf(spells: readonly Pick<Spell, 'from' | 'to'>[]): number {
  return spells.reduce((sum, { from, to }) => sum + (to - from) / SECOND_MS, 0)
}

/** Runs of seconds without one missing between them. */
export function stretchesOf(seconds: readonly RecordedSecond[]): readonly (readonly RecordedSecond[])[] {
  const stretches: RecordedSecond[][] = []
  for (const second of seconds) {
    const last = stretches.at(-1)?.at(-1)
    if (last !== undefined && second.at - last.at <= SECOND_MS) stretches.at(-1)?.push(second)
    else stretches.push([second])
  }
  return stretches
}

// An empty second between two tries says what the next try says. More of them than the shopper's pause are silence.
function settled(answers: readonly (boolean | undefined)[], silence: boolean, pause: number): readonly boolean[] {
  const held: boolean[] = []
  for (let at = 0; at < answers.length; ) {
    const answer = answers[at]
    if (answer !== undefined) {
      held.push(answer)
      at++
      continue
    }
    const found = answers.findIndex((known, index) => index > at && known !== undefined)
    const end = found < 0 ? answers.length : found
    const [left, right] = [held[at - 1], answers[end]]
    const isPause = end - at <= pause
    const value = isPause ? (right ?? left ?? silence) : silence || (left === true && right === true)
    held.push(...Array.from({ length: end - at }, () => value))
    at = end
  }
  return held
}

/** Seconds without a try between two tries of a shopper, as it usually goes; at least one. */
function pauseOf(answers: readonly (boolean | undefined)[]): number {
  const tries = answers.flatMap((answer, at) => (answer === undefined ? [] : [at]))
  const gaps = tries.slice(1).map((at, index) => at - (tries[index] ?? at) - 1)
  return Math.max(1, gaps.toSorted((left, right) => left - right)[Math.floor(gaps.length / 2)] ?? 1)
}

function toSpell(seconds: readonly RecordedSecond[]): Spell {
  const [first, last] = [seconds[0]?.at ?? 0, seconds.at(-1)?.at ?? 0]
  return { from: first, to: last + SECOND_MS, evidence: evidenceOf(seconds) }
}

function evidenceOf(seconds: readonly RecordedSecond[]): string {
  const reasons = new Map<string, number>()
  const count = (name: string, number: number | undefined) => {
    if (number) reasons.set(name, (reasons.get(name) ?? 0) + number)
  }
  for (const { bought = {}, reasons: met = {} } of seconds) {
    for (const [name, number] of Object.entries(bought)) count(`bought from ${name}`, number)
    for (const [name, number] of Object.entries(met)) count(name, number)
  }
  const silent = seconds.filter(({ bought, denied, failed }) => !(bought || denied || failed)).length
  const parts = [...reasons].map(([name, number]) => `${number} × ${name}`)
  return [...parts, ...(silent > 0 ? [`${silent} s without any answer`] : [])].join(', ')
}
