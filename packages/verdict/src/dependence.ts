import { createWealth } from './wealth.ts'

/** Evidence that a version comes in runs. Versions are told apart by their names. */
export interface Dependence {
  /** Takes the next purchase, with its connection where that is known; constant cost. */
  observe(version: string, connection?: string | undefined): void
  /** Whether the evidence has passed 1 / alpha; it stays. */
  readonly isFound: boolean
}

/**
 * A test of independence that a change of the shares does not mislead. Two neighbours (a, b) are set beside a purchase c
 * further away. If purchases do not depend on each other, all orders of the three are equally likely (exchangeable), so
 * when exactly two of the three are equal, it is a and b with probability 1/3, whatever the shares are. Where a
 * connection keeps to one version it is more. The bet pays 1 + 2s for such a triple and 1 - s for another, averaged over
 * three stakes s: a test martingale (Ramdas, Ruf, Larsson & Koolen, "Testing exchangeability", 2022; Vovk 2021). No
 * purchase is in two triples, and which ones form a triple does not depend on their versions. One sudden change of the
 * shares touches six triples at most, too few to raise an alarm.
 *
 * Neighbours are found twice: by the order of all purchases and, where it is known, by their connection. The average of
 * both is the evidence.
 */
export function createDependence(alpha: number): Dependence {
  const byOrder = createTripleBets()
  const byConnection = createTripleBets()
  const inOrder = createTriplesInOrder(byOrder.bet)
  const onConnections = createTriplesOnConnections(byConnection.bet)
  let isFound = false

  return {
    observe(version, connection) {
      inOrder(version)
      if (connection !== undefined) onConnections(version, connection)
      if (!isFound) isFound = (byOrder.e() + byConnection.e()) / 2 >= 1 / alpha
    },
    get isFound() {
      return isFound
    }
  }
}

const STAKES = [0.1, 0.3, 0.6]

type Pair = readonly [a: string, b: string]

function createTripleBets(): { bet(pair: Pair, c: string): void; e(): number } {
  const wealth = createWealth(STAKES.map(() => 1 / STAKES.length))
  let e = 1
  return {
    bet([a, b], c) {
      const isRun = a === b && b !== c
      if (!isRun && (a === b || (c !== a && c !== b))) return
      for (const [index, stake] of STAKES.entries()) wealth.multiply(index, isRun ? 1 + 2 * stake : 1 - stake)
      e = Math.exp(wealth.logAverage())
    },
    e: () => e
  }
}

// Three pairs and three single purchases for the pairs of the period before, 11 to 15 purchases later.
const PAIRED = 6
const PERIOD = 9

function createTriplesInOrder(bet: (pair: Pair, c: string) => void): (version: string) => void {
  let waiting: readonly Pair[] = []
  let pairs: Pair[] = []
  let first = ''
  let position = 0
  return version => {
    if (position >= PAIRED) {
      const pair = waiting[position - PAIRED]
      if (pair) bet(pair, version)
    } else if (position % 2 === 0) first = version
    else pairs.push([first, version])
    position += 1
    if (position < PERIOD) return
    waiting = pairs
    pairs = []
    position = 0
  }
}

const MOST_PAIRS = 3
const MOST_OPEN = 64

function createTriplesOnConnections(
  bet: (pair: Pair, c: string) => void
): (version: string, connection: string) => void {
  const pairs: { readonly connection: string; readonly pair: Pair }[] = []
  const open = new Map<string, string>()
  return (version, connection) => {
    const oldest = pairs[0]
    if (oldest && oldest.connection !== connection) {
      pairs.shift()
      bet(oldest.pair, version)
      return
    }
    const first = open.get(connection)
    if (first === undefined) {
      const [longestOpen] = open.keys()
      if (open.size === MOST_OPEN && longestOpen !== undefined) open.delete(longestOpen)
      open.set(connection, version)
      return
    }
    open.delete(connection)
    if (pairs.length < MOST_PAIRS) pairs.push({ connection, pair: [first, version] })
  }
}
