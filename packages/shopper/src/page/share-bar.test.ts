import { expect, test } from 'vitest'
import { renderShareBar } from './share-bar.ts'

const BAR = {
  name: 'bookstore-v1',
  look: 'look-0',
  share: 0.523,
  low: 0.48,
  high: 0.56,
  tolerance: 0.05
}

test('puts share, interval, declared mark and tolerance band where they belong', () => {
  const { markup } = renderShareBar({ ...BAR, declared: 0.5 })
  expect(markup).toContain('class="fill look-0" x="0" y="12" width="52.3%"')
  expect(markup).toContain('class="band" x="45%" y="4" width="10%"')
  expect(markup).toContain('class="ribbon" x="50%"')
  expect(markup).toContain('<line x1="48%" x2="56%"')
  expect(markup).toContain(
    'aria-label="bookstore-v1: observed 52.3 %, true share between 48 % and 56 %, declared 50 %"'
  )
})

test('has no mark where nothing is declared', () => {
  const { markup } = renderShareBar({ ...BAR, declared: null })
  expect(markup).not.toMatch(/ribbon|band/)
  expect(markup).toContain('nothing declared')
})

test('keeps the band within the bar at its ends', () => {
  expect(renderShareBar({ ...BAR, declared: 0 }).markup).toContain('class="band" x="0%" y="4" width="5%"')
  expect(renderShareBar({ ...BAR, declared: 1 }).markup).toContain('class="band" x="95%" y="4" width="5%"')
})
