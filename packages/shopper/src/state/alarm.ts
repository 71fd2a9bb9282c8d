import type { Alarm, SplitVerdict } from '@bookstore/contract'

/** A verdict of the window with this number. */
interface Judged {
  readonly id: number
  readonly verdict: Pick<SplitVerdict, 'status' | 'alpha' | 'logE'>
}

/** Remembers how far a window has ever spoken against the declared split. */
export interface AlarmWatch {
  look(window: Judged): void
  /** How sure the fail of this window is; null where it has not failed. */
  alarmOf(window: Judged): Alarm | null
}

/**
 * A page shows red only when a correct split would do that with the probability `failAlpha`, whatever its verdict's own
 * alpha is: a class of thirty sees many windows. By Ville's inequality a correct split's e-value ever reaches x with a
 * probability of at most 1/x, so the highest one seen tells how likely chance is.
 */
export function createAlarmWatch(failAlpha: number): AlarmWatch {
  let id = 0
  let peak = -Infinity
  const peakOf = (window: Judged) => Math.max(window.id === id ? peak : -Infinity, window.verdict.logE)
  return {
    look(window) {
      peak = peakOf(window)
      id = window.id
    },
    alarmOf(window) {
      const { status, alpha, logE } = window.verdict
      if (status !== 'fail') return null
      const chance = Math.min(alpha, Math.exp(-peakOf(window)))
      return { chance, isProven: chance <= failAlpha, isLeftBehind: logE < -Math.log(alpha) }
    }
  }
}
