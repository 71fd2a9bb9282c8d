import { parseInteger } from '@bookstore/common'

/** Bounds of the pause of a sale in ms, both inclusive. */
export interface SaleDelay {
  readonly minMs: number
  readonly maxMs: number
}

/**
 * Reads `200` or `150-750`, milliseconds.
 * @throws Error that says what was expected
 */
export function parseSaleDelay(text: string): SaleDelay {
  const [, min = '', max = min] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  try {
    const minMs = parseInteger(min, LIMITS)
    const maxMs = parseInteger(max, { ...LIMITS, min: minMs })
    return { minMs, maxMs }
  } catch (error) {
    throw new Error('expected milliseconds from 0 to 60000, or a range such as 150-750', {
      cause: error
    })
  }
}

const LIMITS = { min: 0, max: 60_000 }

/** The pause of one sale in ms; `random` is from 0 to below 1. */
export function pickDelayMs({ minMs, maxMs }: SaleDelay, random: number): number {
  return minMs + Math.floor(random * (maxMs - minMs + 1))
}
