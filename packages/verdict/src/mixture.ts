/** One ingredient of the mixture: a Dirichlet prior `concentration × declared shares`. */
export interface Ingredient {
  /** How many purchases' worth of trust the prior puts in the declared shares. */
  readonly concentration: number
  /** Natural logarithm of its weight; the weights sum to 1. */
  readonly logWeight: number
}

// Chosen by measurement (bench/main.ts): a small concentration is quick at a total failure, a large
// one at a small drift. Fixed before any data, as the guarantee demands.
const CONCENTRATIONS = [2, 20, 100] as const

/** The prior of every test and interval here: an even average over three concentrations. */
export const MIXTURE: readonly Ingredient[] = CONCENTRATIONS.map(concentration => ({
  concentration,
  logWeight: -Math.log(CONCENTRATIONS.length)
}))
