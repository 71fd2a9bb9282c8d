import type { Counted } from './beyond.ts'
import type { Evidence, Stretch, Tally } from './evidence.ts'

/** The purchases of a stretch, for each version that it is about. */
export function stretchTallies(
  { tallies, total }: Pick<Evidence, 'tallies' | 'total'>,
  { since, version, before }: Stretch
): readonly (Counted & { readonly tally: Tally })[] {
  return tallies
    .filter(tally => version === null || tally.version === version)
    .map(tally => ({ tally, count: tally.count - before, total: total - since }))
}
