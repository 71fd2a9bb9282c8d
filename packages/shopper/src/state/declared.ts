import { type DeclaredSource, type Split, sameSplit } from '@bookstore/contract'

/** Weights with where they come from. */
export interface Declaration {
  readonly split: Split | null
  readonly source: DeclaredSource
}

const NOTHING: Declaration = {
  split: null,
  source: { kind: 'none', detail: 'no split is declared' }
}

/**
 * Who declared last, wins: the page (or PUT /api/declared) until the policies change, the policies until the page
 * speaks, the environment while neither does.
 */
export interface DeclaredWeights {
  current(): Declaration
  /** The weights that the policies declare now; null when they declare none. */
  fromPolicies(declared: Declaration | null): void
  /** The weights that a person declares; null takes back what the page said. */
  fromPage(split: Split | null, detail: string): void
}

export function createDeclaredWeights(expected: Split | undefined): DeclaredWeights {
  const base: Declaration =
    expected === undefined ? NOTHING : { split: expected, source: { kind: 'env', detail: 'EXPECTED_SPLIT' } }
  let policies: Declaration | null = null
  let page: Declaration | null = null
  return {
    current: () => page ?? policies ?? base,
    fromPolicies(declared) {
      if (!isSame(policies, declared)) page = null
      policies = declared
    },
    fromPage(split, detail) {
      page = split && { split, source: { kind: 'page', detail } }
    }
  }
}

function isSame(a: Declaration | null, b: Declaration | null): boolean {
  if (!a?.split || !b?.split) return !a?.split === !b?.split
  return sameSplit(a.split, b.split)
}
