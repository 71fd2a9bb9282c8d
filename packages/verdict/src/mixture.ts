/** One ingredient of the mixture: a Dirichlet prior `concentration × declared shares`. */
export interface Ingredient {
  /** How many purchases' worth of trust the prior puts in the declared shares. */
  readonly concentration: number
  /** Natural logarithm of its weight; the weights sum to 1. */
  readonly logWeight: number
}

/**
 * The prior of every test and interval here. The small concentration is quick at a gross failure,
 * the large one at a small drift; both and their weights were chosen by measurement (the rows
 * alarm… of the bench) and are fixed before any data, as the guarantee demands.
 */
export const MIXTURE: readonly Ingredient[] = [
  { concentration: 5, logWeight: Math.log(2 / 3) },
  { concentration: 50, logWeight: Math.log(1 / 3) }
]
