import { expect, test } from 'vitest'
import { minutesAgo, thiefExample } from '../../test-support/snapshots.ts'
import { renderVersions } from './versions.ts'

test('before any answer nothing is said of the door', () => {
  expect(renderVersions(thiefExample({ failed: 3 }).snapshot).markup).toContain('Nobody has opened or refused yet.')
})

test('a door that holds shows how sure that is, in a bar', () => {
  const { markup } = renderVersions(thiefExample({ denied: 2400 }).snapshot)
  expect(markup).toContain('2,400 attempts, and not one book.')
  expect(markup).toContain('observed 100 %, true share between 99.8 % and 100 %, declared 100 %')
})

test('a thief that gets in is told as such, with the stores it stole from', () => {
  const { markup } = renderVersions(thiefExample({ denied: 60, stolen: 40 }).snapshot)
  expect(markup).toContain('<strong>60 %</strong>')
  expect(markup).toContain('40 books gone.')
  expect(markup).toContain('bookstore-v1 <b>40</b>')
})

test('books from before it was expected to be denied do not count against the door', () => {
  const { snapshot } = thiefExample({ denied: 90 })
  const { markup } = renderVersions({
    ...snapshot,
    access: { ...snapshot.access, since: minutesAgo(1) },
    counts: { ...snapshot.counts, bought: 4, byVersion: { 'bookstore-v2': 4 } }
  })
  expect(markup).toContain('<strong>100 %</strong>')
  expect(markup).toMatch(/Not one book since <time[^>]*>08:29:00 UTC<\/time>/)
})

test('a thief that is expected to be let in has a shelf like anybody', () => {
  const { snapshot } = thiefExample({ stolen: 5 })
  const { markup } = renderVersions({
    ...snapshot,
    access: { ...snapshot.access, expected: 'allowed' }
  })
  expect(markup).toContain('Whom it stole from')
})
