import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { loadPageAssets } from './assets.ts'

test('styles and scripts of the page together are at most 25 kB gzipped', () => {
  const { css, js, worker } = loadPageAssets()
  const bytes = [css, js, worker].map(text => gzipSync(text).length)
  expect(Math.min(...bytes)).toBeGreaterThan(400)
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(25_000)
})
