import { isRecordedEvent, type RecordedEvent, type RecordedSecond, type ShoppingRecord } from '@bookstore/contract'
import { lengthOf, type Spell, spellsOf, stretchesOf } from './spells.ts'

/** What a move from one mesh to another did, as the records of buyer and thief show it. Times are ms since the epoch. */
export interface MigrationReport {
  readonly from: number
  readonly to: number
  /** The buyer tried and could not buy. */
  readonly outage: Finding
  /** The thief bought. */
  readonly unenforced: Finding
  /** The buyer bought from a store that was shown no identity. */
  readonly unproven: Finding
  /** Seconds of which there is no record. */
  readonly unobserved: Readonly<Record<Shopper, Finding>>
  /** Attempts in a second in which there were any: what is shorter than their distance cannot be seen. */
  readonly pace: Readonly<Record<Shopper, number>>
  /** The proxies that answers showed, in the order in which they came. */
  readonly proxies: readonly ProxySeen[]
  readonly before: SplitSeen
  readonly after: SplitSeen
  readonly events: readonly (RecordedEvent & { readonly who: Shopper })[]
}

export type Shopper = 'bookbuyer' | 'bookthief'

export interface Finding {
  readonly seconds: number
  readonly spells: readonly Spell[]
}

export interface ProxySeen {
  readonly proxy: string
  readonly first: number
  readonly last: number
  readonly answers: number
}

/** What was bought while only the proxies of the beginning, or only those of the end, were seen. */
export interface SplitSeen {
  readonly from: number
  readonly to: number
  readonly byVersion: Readonly<Record<string, number>>
}

/** Reads both records from `from` to `to`; pure, and the same for the same records. */
export function migrationReport(
  buyer: ShoppingRecord,
  thief: ShoppingRecord,
  { from, to }: { readonly from: number; readonly to: number }
): MigrationReport {
  const range = { from, to }
  const bought = secondsOf(buyer, range)
  const stolen = secondsOf(thief, range)
  const proxies = proxiesOf(bought)
  const [changed, settled] = changeOf(proxies, range)
  return {
    ...range,
    outage: findingOf(spellsOf(bought, { judge: couldNotBuy, silence: true })),
    unenforced: findingOf(spellsOf(stolen, { judge: gotIn, silence: false })),
    unproven: findingOf(spellsOf(bought, { judge: hadNoProof, silence: false })),
    unobserved: { bookbuyer: unobservedIn(bought, range), bookthief: unobservedIn(stolen, range) },
    pace: { bookbuyer: paceOf(bought), bookthief: paceOf(stolen) },
    proxies,
    before: splitOf(bought, { from, to: changed }),
    after: splitOf(bought, { from: settled, to }),
    events: [...eventsOf(buyer, range), ...eventsOf(thief, range)].sort((left, right) => left.at - right.at)
  }
}

interface Range {
  readonly from: number
  readonly to: number
}

function secondsOf({ entries }: ShoppingRecord, { from, to }: Range): readonly RecordedSecond[] {
  const first = Math.floor(from / 1000) * 1000
  return entries.filter(
    (entry): entry is RecordedSecond => !isRecordedEvent(entry) && entry.at >= first && entry.at < to
  )
}

function eventsOf({ app, entries }: ShoppingRecord, { from, to }: Range): MigrationReport['events'] {
  return entries
    .filter(isRecordedEvent)
    .filter(({ at }) => at >= from && at <= to)
    .map(event => ({ ...event, who: app }))
}

function couldNotBuy({ bought, denied = 0, failed = 0 }: RecordedSecond): boolean | undefined {
  if (total(bought) > 0) return false
  return denied + failed > 0 ? true : undefined
}

function gotIn({ bought, denied = 0, failed = 0 }: RecordedSecond): boolean | undefined {
  if (total(bought) > 0) return true
  return denied + failed > 0 ? false : undefined
}

function hadNoProof({ bought, proven = 0, denied = 0, failed = 0 }: RecordedSecond): boolean | undefined {
  if (total(bought) > 0) return proven < total(bought)
  return denied + failed > 0 ? false : undefined
}

function findingOf(spells: readonly Spell[]): Finding {
  return { seconds: lengthOf(spells), spells }
}

function unobservedIn(seconds: readonly RecordedSecond[], { from, to }: Range): Finding {
  const stretches = stretchesOf(seconds)
  const edges = [from, ...stretches.flatMap(stretch => [stretch[0]?.at ?? from, (stretch.at(-1)?.at ?? to) + 1000]), to]
  const gaps = Array.from({ length: edges.length / 2 }, (_, at) => ({
    from: edges[at * 2] ?? 0,
    to: edges[at * 2 + 1] ?? 0
  }))
  // the record of a second that is not over is not there yet
  const spells = gaps
    .filter(gap => gap.to - gap.from >= 2000)
    .map(gap => ({ ...gap, evidence: 'no record of this time' }))
  return findingOf(spells)
}

function paceOf(seconds: readonly RecordedSecond[]): number {
  const counts = seconds.map(({ bought, denied = 0, failed = 0 }) => total(bought) + denied + failed).filter(Boolean)
  return counts.toSorted((left, right) => left - right)[Math.floor(counts.length / 2)] ?? 0
}

function proxiesOf(seconds: readonly RecordedSecond[]): readonly ProxySeen[] {
  const seen = new Map<string, ProxySeen>()
  for (const { at, proxies = {} } of seconds) {
    for (const [proxy, answers] of Object.entries(proxies)) {
      const known = seen.get(proxy) ?? { proxy, first: at, last: at, answers: 0 }
      seen.set(proxy, { ...known, last: at + 1000, answers: known.answers + answers })
    }
  }
  return [...seen.values()].sort((left, right) => left.first - right.first)
}

// The old proxies are those of the first answers, the new ones those of the last: what lies between is the move.
function changeOf(proxies: readonly ProxySeen[], { from, to }: Range): readonly [changed: number, settled: number] {
  const firstSeen = Math.min(...proxies.map(({ first }) => first))
  const lastSeen = Math.max(...proxies.map(({ last }) => last))
  const later = proxies.filter(({ first }) => first > firstSeen).map(({ first }) => first)
  const gone = proxies.filter(({ last }) => last < lastSeen).map(({ last }) => last)
  if (later.length > 0 && gone.length > 0) {
    const [begun, over] = [Math.min(...later), Math.max(...gone)]
    // between the last answer of the old proxy and the first of the new one is neither
    return [Math.min(begun, over), Math.max(begun, over)]
  }
  return [later.length === 0 ? to : Math.min(...later), gone.length === 0 ? from : Math.max(...gone)]
}

function splitOf(seconds: readonly RecordedSecond[], range: Range): SplitSeen {
  const byVersion: Record<string, number> = {}
  for (const { at, bought = {} } of seconds) {
    if (at < range.from || at >= range.to) continue
    for (const [version, count] of Object.entries(bought)) byVersion[version] = (byVersion[version] ?? 0) + count
  }
  return { ...range, byVersion }
}

function total(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
