import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planBatch } from './batch-plan.ts'
import { MAX_TOTAL } from './stock.ts'

const restocks = fc.array(
  fc.record({
    amount: fc.nat({ max: 5 }),
    key: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined })
  })
)
const knownKeys = fc
  .dictionary(fc.constantFrom('a', 'b'), fc.nat({ max: 5 }))
  .map(record => new Map(Object.entries(record)))

test('adds each key once: the outcomes account for exactly the sum', () => {
  fc.assert(
    fc.property(restocks, knownKeys, (batch, known) => {
      const plan = planBatch(batch, known)
      const outcomes = plan.outcomes(100 + plan.sum)
      const added = batch.filter((_, at) => outcomes[at]?.kind === 'added')
      const addedKeys = added.flatMap(({ key }) => key ?? [])
      expect(added.reduce((sum, { amount }) => sum + amount, 0)).toBe(plan.sum)
      expect(new Set(addedKeys).size).toBe(addedKeys.length)
      expect(plan.newKeys.map(({ key }) => key)).toEqual(addedKeys.toSorted())
      expect(addedKeys.some(key => known.has(key))).toBe(false)
      const totals = outcomes.flatMap(o => (o.kind === 'conflict' ? [] : o.total))
      expect(totals).toEqual(totals.toSorted((a, b) => a - b))
    })
  )
})

test('a batch whose sum is not exact is refused', () => {
  expect(() => planBatch([{ amount: MAX_TOTAL }, { amount: 1 }], new Map())).toThrow('at most')
  expect(planBatch([{ amount: MAX_TOTAL }, { amount: 0 }], new Map()).sum).toBe(MAX_TOTAL)
})
