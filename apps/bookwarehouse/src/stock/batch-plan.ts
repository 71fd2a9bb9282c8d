import { MAX_TOTAL, type Restock, type RestockOutcome, StockFullError } from './stock.ts'

/** A restock whose key was never seen. */
export interface KeyedRestock {
  readonly key: string
  readonly amount: number
}

/** What a transaction has to write for a batch. */
export interface BatchPlan {
  /** In the order of their keys, so that two warehouses which write the same keys never wait for each other. */
  readonly newKeys: readonly KeyedRestock[]
  /** Books to add. */
  readonly sum: number
  /** What each restock is answered, given the total after the transaction. */
  outcomes(totalAfter: number): readonly RestockOutcome[]
}

type Decision = { readonly kind: 'added' | 'replayed' } | Extract<RestockOutcome, { kind: 'conflict' }>

/**
 * Decides what each restock of a batch means: `known` has the amounts of keys that are already in the database,
 * and a key that comes twice in the batch counts once.
 * @throws StockFullError when the sum of the batch alone exceeds MAX_TOTAL
 */
export function planBatch(batch: readonly Restock[], known: ReadonlyMap<string, number>): BatchPlan {
  const fresh = new Map<string, number>()
  const decisions = batch.map(restock => decide(restock, known, fresh))
  const sum = batch.reduce((s, { amount }, at) => s + (isAdded(decisions[at]) ? amount : 0), 0)
  if (sum > MAX_TOTAL) throw new StockFullError()
  return {
    newKeys: [...fresh].map(([key, amount]) => ({ key, amount })).sort((a, b) => (a.key < b.key ? -1 : 1)),
    sum,
    outcomes: totalAfter => runningOutcomes(batch, decisions, totalAfter - sum)
  }
}

function decide({ key, amount }: Restock, known: ReadonlyMap<string, number>, fresh: Map<string, number>): Decision {
  if (key === undefined) return { kind: 'added' }
  const firstAmount = known.get(key) ?? fresh.get(key)
  if (firstAmount === amount) return { kind: 'replayed' }
  if (firstAmount !== undefined) return { kind: 'conflict', firstAmount }
  fresh.set(key, amount)
  return { kind: 'added' }
}

const isAdded = (decision: Decision | undefined) => decision?.kind === 'added'

// no other transaction can come between the restocks of one, so each is told the total as if it had come alone
function runningOutcomes(
  batch: readonly Restock[],
  decisions: readonly Decision[],
  totalBefore: number
): readonly RestockOutcome[] {
  let total = totalBefore
  return decisions.map((decision, at) => {
    if (decision.kind === 'conflict') return decision
    if (decision.kind === 'added') total += batch[at]?.amount ?? 0
    return { kind: decision.kind, total }
  })
}
