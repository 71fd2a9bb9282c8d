import type { Split } from '@bookstore/contract'
import { type JudgeWindow, type PassRange, passRange } from '@bookstore/verdict'
import type { Attempt } from '../shopping/attempt.ts'
import { createRequestSample, type SeenRequest } from './request-sample.ts'
import { createTracks, type Track } from './tracks.ts'

/** What a page draws beside the snapshot. */
export interface Picture {
  /** How many purchases a correct split needs until it passes; null where nothing is declared. */
  readonly goal: PassRange | null
  /** How the interval narrowed, oldest window first. */
  readonly tracks: readonly Track[]
  readonly requests: readonly SeenRequest[]
}

/** Collects what a picture is drawn from. */
export interface PictureMaker {
  record(attempt: Attempt): void
  /** Notes where the window stands; due several times a second. */
  look(window: JudgeWindow): void
  read(window: JudgeWindow, now: number): Picture
}

export function createPictureMaker(terms: { readonly alpha: number; readonly tolerance: number }): PictureMaker {
  const tracks = createTracks()
  const requests = createRequestSample()
  const goalOf = createGoal(terms)
  return {
    record: requests.record,
    look: tracks.look,
    read: (window, now) => ({
      goal: goalOf(window.declared),
      tracks: tracks.read(window),
      requests: requests.read(now)
    })
  }
}

// computed once for each split, because it costs some milliseconds
function createGoal(terms: { readonly alpha: number; readonly tolerance: number }) {
  let known: { readonly key: string; readonly goal: PassRange | null } = { key: 'null', goal: null }
  return (declared: Split | null): PassRange | null => {
    const key = JSON.stringify(declared)
    if (known.key !== key) known = { key, goal: declared && passRange({ declared, ...terms }) }
    return known.goal
  }
}
