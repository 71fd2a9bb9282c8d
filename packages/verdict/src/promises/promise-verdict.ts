import type { Status } from '@bookstore/contract'

/** The verdict on one promise. */
export interface PromiseVerdict {
  readonly status: Status
  /** What was observed, in a few words with its numbers. */
  readonly seen: string
  /** Why that is a pass, a fail, or not enough. */
  readonly reason: string
}

/** `6.3 %` */
export function percent(share: number): string {
  const value = share * 100
  return `${value.toFixed(value < 10 ? 1 : 0)} %`
}

/** `1 answer`, `20 answers` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `0.5 s`, `250 ms` */
export function inSeconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`
}
