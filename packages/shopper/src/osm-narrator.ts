import { type OsmLine, statusText } from '@bookstore/common'
import { boundedHeader, type ShopperRole } from '@bookstore/contract'
import type { Attempt } from './shopping/attempt.ts'
import type { Iteration } from './shopping/loop.ts'

const SUCCESS = 'MAESTRO! THIS TEST SUCCEEDED!'
// Microsoft's guide greps the second line, which the original never printed
const FAILURE = ['MAESTRO, WE HAVE A PROBLEM! THIS TEST FAILED!', 'MAESTRO! THIS TEST FAILED!']
const INTERESTING_HEADERS = ['Identity', 'Booksbought', 'Server', 'Date']

/** How a shopper's iterations went by the original's rules. */
export interface Narrator {
  /** Tells one iteration. Gives the exit code once the iterations are used up. */
  tell(iteration: Iteration): number | undefined
}

export interface NarratorOptions {
  readonly role: ShopperRole
  readonly osmLine: OsmLine
  readonly minSuccesses: number
  readonly maxIterations: number
  /** Whether an attempt went as expected, and what was expected, in words. */
  readonly judge: (attempt: Attempt) => { readonly isExpected: boolean; readonly expected: string }
  /** What the verdict says now. */
  readonly isFailing: () => boolean
}

/**
 * Prints what tutorials of the original quote and grep. Success is said once an iteration, after `minSuccesses` good
 * ones in a row and while the verdict is not `fail`; failure is said once, when the verdict turns to it or the
 * iterations are used up without success.
 */
export function createNarrator(options: NarratorOptions): Narrator {
  const { role, osmLine, minSuccesses, maxIterations, judge } = options
  let streak = 0
  let hasSucceeded = false
  let wasFailing = false
  const fail = () => {
    for (const line of FAILURE) osmLine(line)
  }
  return {
    tell({ number, isOverBudget, attempts }) {
      const isFailing = options.isFailing()
      osmLine(`\n\n--- ${role}:[ ${number} ] -----------------------------------------`)
      const judged = attempts.map(attempt => ({ attempt, ...judge(attempt) }))
      for (const { attempt, isExpected, expected } of judged) {
        for (const line of describe(attempt)) osmLine(line)
        if (!isExpected)
          osmLine(`ERROR: response code for "${attempt.url}" is ${attempt.answer?.status ?? 0};  expected ${expected}`)
      }
      streak = judged.every(({ isExpected }) => isExpected) ? streak + 1 : 0
      if (isFailing && !wasFailing) fail()
      wasFailing = isFailing
      if (isOverBudget) {
        osmLine(`Threshold of ${maxIterations} iterations exceeded\n`)
        if (!hasSucceeded) fail()
        return hasSucceeded ? 0 : 1
      }
      if (streak >= minSuccesses && !isFailing) {
        hasSucceeded = true
        osmLine(SUCCESS)
      }
      return undefined
    }
  }
}

function describe({ url, answer, error }: Attempt): readonly string[] {
  const fetching = `\nFetching ${url}`
  if (answer === undefined) return [fetching, `Error fetching ${url}: ${error?.message ?? 'no answer'}`]
  const headers = INTERESTING_HEADERS.map(
    name => `${name}: ${boundedHeader(answer.headers[name.toLowerCase()]) ?? 'n/a'}`
  )
  return [fetching, ...headers, `Status: ${answer.status} ${statusText(answer.status)}`.trimEnd()]
}
