import { expect, test } from 'vitest'
import { createEpisodes } from './episodes.ts'
import type { Logger } from './logger.ts'

function diary() {
  let time = 0
  const lines: Record<string, unknown>[] = []
  const write = (level: string) => (fields: object, message: string) => lines.push({ level, message, ...fields })
  const logger = { info: write('info'), warn: write('warn'), error: write('error') } as unknown as Logger
  const episodes = createEpisodes({ logger, now: () => time })
  return {
    lines,
    episodes,
    /** Lets seconds pass, with one occurrence in each while `kind` is given. */
    pass(seconds: number, kind?: string) {
      for (let second = 0; second < seconds; second++) {
        time += 1_000
        if (kind) episodes.note(kind, { message: 'it happens', level: 'warn', fields: { reason: '403' } })
        episodes.tick()
      }
    }
  }
}

test('an episode is told when it begins, once a minute with a count, and when it ends', () => {
  const { lines, pass } = diary()
  pass(130, 'denied')
  pass(15)
  expect(lines).toEqual([
    { level: 'warn', message: 'it happens', kind: 'denied', reason: '403', state: 'began' },
    {
      level: 'warn',
      message: 'still: it happens',
      kind: 'denied',
      reason: '403',
      state: 'goes on',
      count: 60,
      total: 61,
      seconds: 60
    },
    {
      level: 'warn',
      message: 'still: it happens',
      kind: 'denied',
      reason: '403',
      state: 'goes on',
      count: 60,
      total: 121,
      seconds: 120
    },
    {
      level: 'warn',
      message: 'no longer: it happens',
      kind: 'denied',
      reason: '403',
      state: 'ended',
      total: 130,
      seconds: 129
    }
  ])
})

test('what comes and goes is one episode while it is not quiet for ten seconds', () => {
  const { lines, pass, episodes } = diary()
  for (let round = 0; round < 6; round++) {
    pass(1, 'failed')
    pass(8)
  }
  expect(lines).toHaveLength(1)
  pass(10)
  expect(lines.map(({ state }) => state)).toEqual(['began', 'ended'])
  episodes.note('failed', { message: 'it happens' })
  expect(lines.at(-1)).toMatchObject({ state: 'began', level: 'info' })
})

test('kinds are told apart', () => {
  const { lines, pass } = diary()
  pass(1, 'denied')
  pass(1, 'failed')
  expect(lines.map(({ kind }) => kind)).toEqual(['denied', 'failed'])
})
