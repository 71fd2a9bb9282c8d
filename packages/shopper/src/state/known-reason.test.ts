import { judgeCounts } from '@bookstore/verdict'
import { expect, test } from 'vitest'
import { type Known, withKnownReasons } from './known-reason.ts'

const HALF = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }
const NINE = { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 }
const wrong = judgeCounts({ declared: HALF, counts: { 'bookstore-v1': 900, 'bookstore-v2': 100 } })

function known(change: Partial<Known> = {}): Known {
  return {
    declaration: { split: HALF, source: { kind: 'page', detail: 'the form on the page' } },
    policies: { split: NINE, source: { kind: 'local-mesh', detail: 'TrafficSplit bookstore/bookstore-split' } },
    health: { status: 'ok', reason: '', seconds: 10, bought: 10, denied: 0, failed: 0, byVersion: {}, silent: [] },
    ...change
  }
}

const codes = (change: Partial<Known>) => withKnownReasons(wrong, known(change)).causes.map(({ code }) => code)

test('who expects another split than the policies declare is told just that', () => {
  expect(withKnownReasons(wrong, known()).causes).toEqual([
    {
      code: 'declared-elsewhere',
      text: 'you expect 50/50; TrafficSplit bookstore/bookstore-split says 90/10, and the mesh does 90/10'
    }
  ])
})

test('not where the mesh does something else again, nobody declared on the page, or it is the same', () => {
  const third = {
    split: { 'bookstore-v1': 0.7, 'bookstore-v2': 0.3 },
    source: { kind: 'cluster', detail: '' }
  } as const
  expect(codes({ policies: third })).not.toContain('declared-elsewhere')
  expect(codes({ policies: null })).not.toContain('declared-elsewhere')
  expect(codes({ declaration: { split: HALF, source: { kind: 'env', detail: '' } } })).not.toContain(
    'declared-elsewhere'
  )
})

test('failures stand before likely causes, with their number', () => {
  const health = { ...known().health, failed: 5 }
  const { causes } = withKnownReasons(wrong, known({ policies: null, health }))
  expect(causes[0]).toEqual({
    code: 'failures',
    text: '5 of 15 attempts failed in the last 10 s; what fails is in no share'
  })
  expect(causes.slice(1)).toEqual(wrong.causes)
})

test('a verdict that is no fail stays as it is', () => {
  const fine = judgeCounts({ declared: HALF, counts: { 'bookstore-v1': 50, 'bookstore-v2': 50 } })
  expect(withKnownReasons(fine, known())).toBe(fine)
})
