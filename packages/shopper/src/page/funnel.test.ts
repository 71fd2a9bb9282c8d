import type { Snapshot } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import type { Scene } from '../api/page-view.ts'
import type { Track } from '../state/tracks.ts'
import { renderFunnel } from './funnel.ts'

describe('the purchases below the funnel', () => {
  test('each step is named where one window has the whole width', () => {
    expect(labels([trackOf(1, 1_000)])).toEqual(['10', '100', '1,000'])
  })

  test('a number that would lie upon a larger one is left out, and its mark stays', () => {
    const picture = render([trackOf(1, 700), trackOf(2, 700), trackOf(3, 200_000)])
    expect(labelsOf(picture)).toEqual(['100', '100,000'])
    expect(picture.match(/class="tick"/g)).toHaveLength(5)
  })
})

const labels = (tracks: readonly Track[]) => labelsOf(render(tracks))

function labelsOf(picture: string): readonly string[] {
  return Array.from(picture.matchAll(/class="tick"[^>]*\/>(?:<text[^>]*>([^<]*))?/g), ([, text]) => text ?? []).flat()
}

function render(tracks: readonly Track[]): string {
  const picture = { tracks, goal: null } as Partial<Scene['picture']> as Scene['picture']
  const snapshot = { verdict: { tolerance: 0.05 } } as unknown as Snapshot
  return renderFunnel(snapshot, { picture }).toString()
}

function trackOf(id: number, purchases: number): Track {
  const points = [{ purchases, share: 0.5, low: 0.48, high: 0.52 }]
  return {
    id,
    declared: { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 },
    version: 'bookstore-v1',
    status: 'pending',
    points
  }
}
