/** A part of a text: characters, anything (`.*`), or anything but nothing (`.+`). */
export type Piece = string | typeof ANY | typeof SOME

export const ANY = Symbol('.*')
export const SOME = Symbol('.+')

/** The texts of an expression as alternatives of pieces; `isWhole` false: it takes further texts too. */
export interface Expression {
  readonly alternatives: readonly (readonly Piece[])[]
  readonly isWhole: boolean
}

const MOST_ALTERNATIVES = 64

/**
 * Takes an RE2 expression apart as far as it consists of characters, `.*`, `.+`, groups, alternatives, `?` and
 * classes of single characters; a lone dot is read as a dot, which is one of the texts that it takes. null for
 * everything else, and for more than 64 alternatives.
 * Syntax: https://github.com/google/re2/wiki/Syntax
 */
export function takeApart(source: string): Expression | null {
  const reader = { source: source.replace(/^\^/, '').replace(/(?<!\\)((?:\\\\)*)\$$/, '$1'), at: 0, isWhole: true }
  try {
    const alternatives = readAlternatives(reader)
    if (reader.at < reader.source.length) return null
    return { alternatives: alternatives.map(joined), isWhole: reader.isWhole }
  } catch (error) {
    if (error instanceof Beyond) return null
    throw error
  }
}

interface Reader {
  readonly source: string
  at: number
  isWhole: boolean
}

class Beyond extends Error {
  override readonly name = 'Beyond'
}

type Alternatives = readonly (readonly Piece[])[]

function readAlternatives(reader: Reader): Alternatives {
  const alternatives = [...readSequence(reader)]
  while (reader.source[reader.at] === '|') {
    reader.at++
    alternatives.push(...readSequence(reader))
  }
  return bounded(alternatives)
}

function readSequence(reader: Reader): Alternatives {
  let met: Alternatives = [[]]
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] ?? '')) {
    const next = readQuantified(reader)
    met = bounded(met.flatMap(left => next.map(right => [...left, ...right])))
  }
  return met
}

function readQuantified(reader: Reader): Alternatives {
  const isDot = reader.source[reader.at] === '.'
  const atom = readAtom(reader)
  const quantifier = reader.source[reader.at] ?? ''
  if (!'*+?{'.includes(quantifier) || quantifier === '') {
    if (isDot) reader.isWhole = false
    return atom
  }
  reader.at++
  if (quantifier === '?') return [[], ...atom]
  if (!isDot || quantifier === '{') throw new Beyond()
  // `.*?` takes the same texts as `.*`, if the whole text must match
  if (reader.source[reader.at] === '?') reader.at++
  return [[quantifier === '*' ? ANY : SOME]]
}

function readAtom(reader: Reader): Alternatives {
  const character = reader.source[reader.at++] ?? ''
  if (character === '(') return readGroup(reader)
  if (character === '[') return readClass(reader)
  if (character === '\\') return [[escaped(reader.source[reader.at++])]]
  if ('*+?{^$'.includes(character)) throw new Beyond()
  return [[character]]
}

function readGroup(reader: Reader): Alternatives {
  if (reader.source[reader.at] === '?') {
    if (!reader.source.startsWith('?:', reader.at)) throw new Beyond()
    reader.at += 2
  }
  const alternatives = readAlternatives(reader)
  if (reader.source[reader.at++] !== ')') throw new Beyond()
  return alternatives
}

function readClass(reader: Reader): Alternatives {
  const end = reader.source.indexOf(']', reader.at)
  const members = reader.source.slice(reader.at, end)
  // ranges, negation and named classes have too many members, or none that can be listed
  if (end < 0 || members === '' || /[-^[\\]/.test(members)) throw new Beyond()
  reader.at = end + 1
  return [...new Set(members)].map(member => [member])
}

// a letter or digit behind a backslash is a class, a boundary or a character by its number
function escaped(character: string | undefined): string {
  if (character === undefined || /[A-Za-z0-9]/.test(character)) throw new Beyond()
  return character
}

function bounded(alternatives: Alternatives): Alternatives {
  if (alternatives.length > MOST_ALTERNATIVES) throw new Beyond()
  return alternatives
}

// neighbours become one piece: `.*.+` takes what `.+` takes
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const done: Piece[] = []
  for (const piece of pieces) {
    const last = done.at(-1)
    const isAlike = last !== undefined && (typeof last === 'string') === (typeof piece === 'string')
    if (isAlike) done[done.length - 1] = together(last, piece)
    else done.push(piece)
  }
  return done
}

function together(left: Piece, right: Piece): Piece {
  if (typeof left === 'string') return left + String(right)
  // at least two characters cannot be said
  if (left === SOME && right === SOME) throw new Beyond()
  return left === SOME || right === SOME ? SOME : ANY
}
