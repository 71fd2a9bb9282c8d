import { compileFullMatch } from '../regex.ts'
import { ANY, type Piece, SOME, takeApart } from './expression.ts'

/** What an expression becomes where Istio takes a text, `abc*`, `*abc` or `*`. */
export interface IstioStrings {
  /** Any of them; empty with `isAny`. */
  readonly values: readonly string[]
  /** None of them, although a value takes them. */
  readonly notValues: readonly string[]
  /** Every text is taken, so that nothing need be said. */
  readonly isAny: boolean
  /** Whether they take just the texts of the expression; else they take some of its texts and no other. */
  readonly isExact: boolean
}

/**
 * Says an RE2 expression, which the whole text must match, in Istio's strings for an AuthorizationPolicy. What cannot
 * be said is narrowed to what the `known` texts need, and never widened. null: not even that is possible.
 * https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export function istioStrings(source: string, known: readonly string[]): IstioStrings | null {
  const expression = takeApart(source)
  const said = expression?.alternatives.map(oneOf) ?? [null]
  if (expression !== null && said.every(one => one !== null)) {
    const isExact = expression.isWhole
    if (said.some(({ value }) => value === '*')) return { values: [], notValues: [], isAny: true, isExact: true }
    const values = [...new Set(said.map(({ value }) => value))]
    const notValues = [...new Set(said.flatMap(({ not }) => (not === undefined ? [] : [not])))]
    // an alternative that takes what another one must not is rare: it is left to the known texts
    const clash = notValues.some(not => said.some(one => one.not !== not && takes(one.value, not)))
    if (!clash) return { values, notValues, isAny: false, isExact }
  }
  return narrowed(source, known)
}

interface Said {
  readonly value: string
  readonly not?: string
}

function oneOf(pieces: readonly Piece[]): Said | null {
  const [first, second, ...rest] = pieces
  if (rest.length > 0) return null
  if (first === undefined) return null
  if (typeof first === 'string') {
    if (second === undefined) return literal(first) ? { value: first } : null
    if (!literal(first)) return null
    return second === SOME ? { value: `${first}*`, not: first } : { value: `${first}*` }
  }
  if (second === undefined) return { value: '*' }
  if (typeof second !== 'string' || !literal(second)) return null
  return first === ANY ? { value: `*${second}` } : { value: `*${second}`, not: second }
}

// a star at an end and a brace anywhere mean something else to Istio
function literal(text: string): boolean {
  return !text.startsWith('*') && !text.endsWith('*') && !/[{}]/.test(text)
}

function takes(value: string, text: string): boolean {
  if (value.endsWith('*')) return text.startsWith(value.slice(0, -1))
  return value.startsWith('*') ? text.endsWith(value.slice(1)) : value === text
}

function narrowed(source: string, known: readonly string[]): IstioStrings | null {
  const matches = compileFullMatch(source)
  const values = known.filter(text => literal(text) && matches(text)).map(text => widest(source, text, matches))
  return values.length === 0 ? null : { values: [...new Set(values)], notValues: [], isAny: false, isExact: false }
}

// An expression that ends in `.*` and takes a text takes every longer one too: its shortest beginning that is taken
// stands for all of them. So do endings for one that begins with `.*`. An alternative at the top would end that.
function widest(source: string, text: string, matches: (text: string) => boolean): string {
  if (hasTopAlternative(source)) return text
  if (/(?<!\\)(?:\\\\)*\.\*\$?$/.test(source)) {
    const end = shortest(text, length => matches(text.slice(0, length)))
    if (end > 0 && literal(text.slice(0, end))) return `${text.slice(0, end)}*`
  }
  if (/^\^?\.\*/.test(source)) {
    const length = shortest(text, length => matches(text.slice(text.length - length)))
    const ending = text.slice(text.length - length)
    if (length > 0 && literal(ending)) return `*${ending}`
  }
  return text
}

function shortest(text: string, isEnough: (length: number) => boolean): number {
  let length = text.length
  while (length > 0 && isEnough(length - 1)) length--
  return length
}

function hasTopAlternative(source: string): boolean {
  let depth = 0
  for (const [character] of source.matchAll(/\\.|\[[^\]]*\]|./gs)) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === '|' && depth === 0) return true
  }
  return false
}
