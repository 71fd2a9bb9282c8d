import { expect, test } from 'vitest'
import { buckets, buyerExample, minutesAgo } from '../../test-support/snapshots.ts'
import { renderShelf } from './shelf.ts'

const EVEN = { 'bookstore-v1': 5, 'bookstore-v2': 5 }

test('a column is divided as the versions sold, the first version at the bottom', () => {
  const { snapshot } = buyerExample()
  const { markup } = renderShelf(
    snapshot,
    buckets(1, () => ({ byVersion: EVEN }), 2)
  )
  expect(pathOf(markup, 'book look-0')).toBe('M936 79h10.5v71h-10.5z')
  expect(pathOf(markup, 'book look-1')).toBe('M936 8h10.5v71h-10.5z')
})

test('what was denied and failed hangs below the board by its part of the attempts', () => {
  const { snapshot } = buyerExample()
  const timeline = buckets(1, () => ({ byVersion: { 'bookstore-v1': 2 }, denied: 1, failed: 1 }), 2)
  const { markup } = renderShelf(snapshot, timeline)
  expect(pathOf(markup, 'below look-denied')).toBe('M936 160h10.5v8h-10.5z')
  expect(pathOf(markup, 'below look-failed')).toBe('M936 168h10.5v8h-10.5z')
})

test('draws what was declared at that time, and marks where it changed', () => {
  const { snapshot } = buyerExample()
  const before = { ...snapshot.window, from: minutesAgo(9), to: snapshot.window.from }
  const { markup } = renderShelf({ ...snapshot, earlierWindows: [{ ...before, declared: { 'bookstore-v1': 1 } }] }, [])
  expect(pathOf(markup, 'declared-line')).toBe('')
  expect(markup.match(/class="change"/g)).toHaveLength(1)
  expect(markup).toContain('class="declared-line" d="M228 79H960"')
})

test('tells in words what the picture shows', () => {
  const { snapshot } = buyerExample()
  const { markup } = renderShelf(
    snapshot,
    buckets(10, () => ({ byVersion: EVEN, denied: 1 }))
  )
  expect(markup).toContain('aria-label="100 books bought (bookstore-v1 50 %, bookstore-v2 50 %), 10 denied, 0 failed"')
})

test('an empty shelf says so, and a filled one does not', () => {
  const { snapshot } = buyerExample()
  expect(renderShelf(snapshot, []).markup).toContain('an empty shelf: nothing was bought')
  const filled = renderShelf(
    snapshot,
    buckets(3, () => ({ byVersion: EVEN }))
  )
  expect(filled.markup).not.toContain('an empty shelf')
})

function pathOf(markup: string, name: string): string | undefined {
  return new RegExp(`class="${name}" d="([^"]*)"`).exec(markup)?.[1]
}
