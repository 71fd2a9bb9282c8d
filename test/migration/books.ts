import { isRecordedEvent, type RecordedSecond, type ShoppingRecord } from '@bookstore/contract'
import type { WitnessSecond } from './witness.ts'

/** What was bought, and what may have been sold without the buyer hearing of it. */
export interface Bought {
  readonly bought: number
  readonly unheard: number
}

/** Sums of a record: a purchase whose answer was lost on its way is a failed or denied one for who sent it. */
export function boughtOf({ entries }: ShoppingRecord): Bought {
  const seconds = entries.filter((entry): entry is RecordedSecond => !isRecordedEvent(entry))
  const bought = sum(seconds.flatMap(({ bought = {} }) => Object.values(bought)))
  return { bought, unheard: sum(seconds.map(({ denied = 0, failed = 0 }) => denied + failed)) }
}

/** The same of a witness. */
export function boughtByWitness(seconds: readonly WitnessSecond[]): Bought {
  const bought = sum(seconds.map(({ ok }) => ok))
  return { bought, unheard: sum(seconds.map(({ tries }) => tries)) - bought }
}

/** Everything together. */
export function together(all: readonly Bought[]): Bought {
  return { bought: sum(all.map(({ bought }) => bought)), unheard: sum(all.map(({ unheard }) => unheard)) }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
