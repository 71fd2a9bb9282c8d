import { RE2JS, RE2JSException } from 're2js'

/** Tells whether the whole text matches. */
export type FullMatch = (text: string) => boolean

const LONGEST_SOURCE = 1000

// Matching takes time in proportion to program size times text. At 500 instructions the worst patterns that
// were tried, such as (a?){100}a{100}, took 10 ms for a text of 4,096 characters; (a?){1000}(a){1000} took 590 ms.
// Envoy refuses more than 100 by default (re2.max_program_size.error_level).
const LARGEST_PROGRAM = 500

/**
 * Compiles an expression as Envoy's safe_regex takes it: RE2 syntax, and the whole text must match. Time is
 * linear in the text, where JavaScript's own engine backtracks and one policy file could stop a shop.
 * Throws a SyntaxError for what RE2 refuses, and for what is too large.
 * Syntax: https://github.com/google/re2/wiki/Syntax
 */
export function compileFullMatch(source: string): FullMatch {
  if (source.length > LONGEST_SOURCE) {
    throw new SyntaxError(`${source.length} characters, more than ${LONGEST_SOURCE}`)
  }
  const expression = compile(source)
  const size = expression.programSize()
  if (size > LARGEST_PROGRAM) {
    throw new SyntaxError(`an expression of ${size} instructions, more than ${LARGEST_PROGRAM}`)
  }
  return text => expression.testExact(text)
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    // whoever reports this shows the whole expression already
    const why = error.message.replace('error parsing regexp: ', '').replace(`: \`${source}\``, '')
    throw new SyntaxError(why, { cause: error })
  }
}
