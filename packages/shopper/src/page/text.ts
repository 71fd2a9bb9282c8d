import { whole } from '@bookstore/contract'

/** `1 purchase`, `420 purchases`; the plural is the singular and an s. */
export function count(number: number, singular: string): string {
  return `${whole(number)} ${singular}${number === 1 ? '' : 's'}`
}

/** Milliseconds for a person: `0.8 ms`, `12 ms`, `1.5 s`. */
export function milliseconds(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ms`
}

/** How long ago `at` was when it is `now` (both ISO 8601): `just now`, `12 s ago`, `3 min ago`, `2 h ago`. */
export function ago(at: string, now: string): string {
  const seconds = Math.round((Date.parse(now) - Date.parse(at)) / 1000)
  if (!Number.isFinite(seconds) || seconds < 1) return 'just now'
  if (seconds < 90) return `${seconds} s ago`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`
  return `${Math.round(seconds / 3600)} h ago`
}

/** Time of day of an ISO 8601 date as `07:12:33 UTC`; the text itself when it is no date. */
export function timeOfDay(at: string): string {
  const time = new Date(at)
  return Number.isNaN(time.getTime()) ? at : `${time.toISOString().slice(11, 19)} UTC`
}

/** Weights for a person and for the form: `bookstore-v1=50,bookstore-v2=50`. */
export function weightsText(split: Readonly<Record<string, number>>): string {
  return Object.entries(split)
    .map(([version, share]) => `${version}=${Number((share * 100).toFixed(3))}`)
    .join(',')
}

/**
 * A clause as a sentence: a plain first word is capitalised (a name such as `bookstore-v1` is not), and it ends with a
 * full stop.
 */
export function sentence(text: string): string {
  const begun = /^[a-z]+[ ,:]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}
