/** Products of many factors, averaged; none of them overflows. */
export interface Wealth {
  /** Multiplies one product by a factor above 0. */
  multiply(index: number, factor: number): void
  /** ln of the weighted average of all products. */
  logAverage(): number
  /** Makes every product 1 again. */
  restart(): void
}

// far from the ends of a double, so that one more factor and the sum of all stay inside
const HIGHEST = 1e200
const LOWEST = 1e-200

/** One product for each weight; weights sum to 1. A product is kept as value × e^scale, so that most steps need no ln. */
export function createWealth(weights: readonly number[]): Wealth {
  const shares = Float64Array.from(weights)
  const values = new Float64Array(shares.length)
  const scales = new Float64Array(shares.length)
  let isScaled = false
  restart()

  return {
    multiply(index, factor) {
      const value = (values[index] ?? 0) * factor
      values[index] = value
      if (value > HIGHEST || value < LOWEST) rescale(index, value)
    },
    logAverage() {
      if (isScaled) return scaledAverage()
      let sum = 0
      for (let index = 0; index < shares.length; index++) sum += (shares[index] ?? 0) * (values[index] ?? 0)
      return Math.log(sum)
    },
    restart
  }

  function restart(): void {
    values.fill(1)
    scales.fill(0)
    isScaled = false
  }

  function rescale(index: number, value: number): void {
    scales[index] = (scales[index] ?? 0) + Math.log(value)
    values[index] = 1
    isScaled = true
  }

  function scaledAverage(): number {
    const logs = Array.from(values, (value, index) => Math.log(value) + (scales[index] ?? 0))
    const highest = Math.max(...logs)
    return highest + Math.log(logs.reduce((sum, log, index) => sum + (shares[index] ?? 0) * Math.exp(log - highest), 0))
  }
}
