import { expect, test } from 'vitest'
import { createAlarmWatch } from './alarm.ts'

const window = (logE: number, { id = 1, status = 'fail' as const } = {}) => ({
  id,
  verdict: { status, alpha: 0.01, logE }
})

test('a fail that chance gives once in 200 windows is none for the page, one in 2,000 is', () => {
  const watch = createAlarmWatch(0.001)
  expect(watch.alarmOf(window(Math.log(200)))).toMatchObject({ isProven: false, isLeftBehind: false })
  expect(watch.alarmOf(window(Math.log(2000)))?.chance).toBeCloseTo(0.0005)
  expect(watch.alarmOf(window(Math.log(2000)))?.isProven).toBe(true)
})

test('what was proven stays so when the data come back, and says that they have', () => {
  const watch = createAlarmWatch(0.001)
  watch.look(window(Math.log(5000)))
  expect(watch.alarmOf(window(0))).toMatchObject({ isProven: true, isLeftBehind: true })
})

test('an alarm that has gone by between two looks is at most as likely as the verdict says', () => {
  expect(createAlarmWatch(0.001).alarmOf(window(0))).toEqual({ chance: 0.01, isProven: false, isLeftBehind: true })
})

test('an impossible purchase is no chance', () => {
  expect(createAlarmWatch(0.001).alarmOf(window(Infinity))).toEqual({ chance: 0, isProven: true, isLeftBehind: false })
})

test('a new window starts afresh, and one that has not failed has no alarm', () => {
  const watch = createAlarmWatch(0.001)
  watch.look(window(Math.log(5000)))
  expect(watch.alarmOf(window(Math.log(200), { id: 2 }))?.isProven).toBe(false)
  const passing = { id: 2, verdict: { status: 'pass' as const, alpha: 0.01, logE: 0 } }
  expect(watch.alarmOf(passing)).toBeNull()
})
