import type { ShopperConfig } from '../config.ts'
import type { AccessExpectation } from './access-trial.ts'
import type { PolicyView } from './policy-feed.ts'

/**
 * What a shopper should meet. The one status code of the original's variable comes first, then what the policies say,
 * then EXPECTED_ACCESS, then what the original expects of each.
 */
export function expectationOf(
  { role, expectedCode, expectedAccess }: ShopperConfig,
  { access, status }: PolicyView
): AccessExpectation {
  if (expectedCode !== undefined) {
    return { expected: expectedCode, source: 'BOOKTHIEF_EXPECTED_RESPONSE_CODE' }
  }
  if (access) {
    const source = status.kind === 'cluster' ? "the cluster's policies" : 'the local policies'
    return { expected: access, source }
  }
  if (expectedAccess) return { expected: expectedAccess, source: 'EXPECTED_ACCESS' }
  return role === 'bookthief'
    ? { expected: 'denied', source: 'a thief is expected to be denied' }
    : { expected: 'allowed', source: 'a buyer is expected to be let in' }
}
