import { createJudge } from '@bookstore/verdict'
import { expect, test } from 'vitest'
import { createTracks } from './tracks.ts'

const EVEN = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }

test('a track narrows with purchases, in steps of a tenth, and reaches to the newest', () => {
  const judge = createJudge({ declared: EVEN, now: 0 })
  const tracks = createTracks()
  for (let at = 0; at < 1000; at++) {
    judge.observe({ version: at % 2 ? 'bookstore-v1' : 'bookstore-v2', at })
    tracks.look(judge.current(at))
  }
  const [track] = tracks.read(judge.current(1000))
  const points = track?.points ?? []
  expect(points.length).toBeLessThan(70)
  expect(points.at(-1)).toMatchObject({ purchases: 1000, share: 0.5 })
  const widths = points.map(({ low, high }) => high - low)
  expect(widths.at(-1)).toBeLessThan((widths[10] ?? 0) / 2)
})

test('a reset begins another track and keeps the one before; nothing declared is no track', () => {
  const judge = createJudge({ declared: EVEN, now: 0 })
  const tracks = createTracks()
  judge.observe({ version: 'bookstore-v1', at: 1 })
  tracks.look(judge.current(1))
  judge.reset(2)
  expect(tracks.read(judge.current(3)).map(({ points }) => points.length)).toEqual([1, 0])
  expect(createTracks().read(createJudge({ now: 0 }).current(1))).toEqual([])
})
