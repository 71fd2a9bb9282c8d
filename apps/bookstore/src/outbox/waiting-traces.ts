import { MOST_LINKS } from '@bookstore/common'
import type { SaleTrace } from '../sale-trace.ts'

/** The traces of sales that wait for their restock; of many only the newest are kept. */
export interface WaitingTraces {
  /** `sold` is the number of the sale among all that were ever made. */
  add(sold: number, trace: SaleTrace): void
  /** Takes those of the sales up to the number, oldest first. */
  takeUpTo(sold: number): readonly SaleTrace[]
}

interface Waiting {
  readonly sold: number
  readonly trace: SaleTrace
}

/** Keeps twice as many as a span can be linked to, so that nothing is moved for each sale. */
export function createWaitingTraces(): WaitingTraces {
  let waiting: Waiting[] = []
  return {
    add(sold, trace) {
      waiting.push({ sold, trace })
      if (waiting.length > 2 * MOST_LINKS + 2) waiting = waiting.slice(-MOST_LINKS - 1)
    },
    takeUpTo(sold) {
      const taken = waiting.filter(sale => sale.sold <= sold)
      waiting = waiting.filter(sale => sale.sold > sold)
      return taken.map(({ trace }) => trace)
    }
  }
}
