import type { Split } from './split.ts'

/** `50/50`: the shares in percent, in the declared order. */
export function formatSplit(split: Split): string {
  return Object.values(split).map(declaredNumber).join('/')
}

/** `bookstore-v1 50 %, bookstore-v2 50 %`. */
export function describeSplit(split: Split): string {
  return Object.entries(split)
    .map(([version, share]) => `${version} ${declaredPercent(share)}`)
    .join(', ')
}

/** A declared share as it was written: `50 %`, `33.3 %`. */
export function declaredPercent(share: number): string {
  return `${declaredNumber(share)} %`
}

/** A measured share: `52 %`, with more digits near 0 and 100, and never rounded to either of them. */
export function percent(share: number, digitsAtLeast = 0): string {
  if (share <= 0 || share >= 1) return share <= 0 ? '0 %' : '100 %'
  const value = share * 100
  const first = value < 10 || value > 90 ? Math.max(1, digitsAtLeast) : digitsAtLeast
  for (let digits = first; digits <= 3; digits++) {
    const text = value.toFixed(digits)
    if (Number(text) > 0 && Number(text) < 100) return `${Number(text)} %`
  }
  return value < 50 ? 'under 0.001 %' : 'over 99.999 %'
}

/** A distance between shares in points, without the unit: `5`, `0.8`. */
export function points(distance: number): string {
  const value = distance * 100
  return String(Number(value.toFixed(value < 1 ? 1 : 0)))
}

/** `5`, `2.5`: the tolerance in points as it was given. */
export function tolerancePoints(tolerance: number): string {
  return String(Number((tolerance * 100).toFixed(2)))
}

/** `12,345`. */
export function whole(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1,900`: rounded up to two significant digits, for an estimate. */
export function about(number: number): string {
  return whole(roundedUp(number))
}

/** 1843 gives 1900: two digits that count. */
export function roundedUp(number: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(number, 1))) - 1)
  return Math.ceil(number / step) * step
}

/** `1 purchase`, `420 purchases`. */
export function purchases(number: number): string {
  return `${whole(number)} ${number === 1 ? 'purchase' : 'purchases'}`
}

/** `2.8 s`, from milliseconds. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

/** `less than once in 100 tries`, for an error probability of 0.01. */
export function rarely(alpha: number): string {
  return `less than once in ${whole(1 / alpha)} tries`
}

function declaredNumber(share: number): string {
  const value = share * 100
  return String(Number(value.toFixed(value > 0 && (value < 1 || value > 99) ? 3 : 1)))
}
