import type { Report } from './report.ts'
import { type Random, seededRandom } from './seeded-random.ts'

/** One line of a table of the bench, with its targets. It is measured on its own. */
export interface Row {
  /** What `--only` takes. */
  readonly name: string
  /** What stands above the first row of its table. */
  readonly table: readonly string[]
  /** About how many seconds it takes one core; the longest begin first. */
  readonly seconds: number
  /** Whether nothing else may run meanwhile, because time or memory is measured. */
  readonly isAlone?: boolean
  measure(report: Report, random: Random): void
}

/** The row's own random numbers: they depend on its name, and not on who else is measured, where and when. */
export function randomOf({ name }: Pick<Row, 'name'>): Random {
  // FNV-1a
  let hash = 0x811c9dc5
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
  return seededRandom(hash)
}
