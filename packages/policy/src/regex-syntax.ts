/** A syntax tree of the part of RE2 that route matches use. */
export type Node =
  | { readonly kind: 'set'; readonly has: (code: number) => boolean }
  | { readonly kind: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'either'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number }

interface Scanner {
  readonly source: string
  at: number
  ignoreCase: boolean
  depth: number
}

const classes: ReadonlyMap<string, (code: number) => boolean> = new Map([
  ['d', (code: number) => code >= 48 && code <= 57],
  ['w', isWord],
  ['s', (code: number) => code === 32 || (code >= 9 && code <= 13 && code !== 11)]
])
const controls: ReadonlyMap<string, number> = new Map([
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['f', 12],
  ['v', 11]
])
const deepest = 50

/**
 * Parses an expression in RE2's syntax, without what the route matches never use (Unicode classes,
 * POSIX classes, flags other than a leading `(?i)`). Throws a SyntaxError that says what was met and where.
 * Syntax: https://github.com/google/re2/wiki/Syntax
 */
export function parseRegex(source: string): Node {
  const ignoreCase = source.startsWith('(?i)')
  const scanner: Scanner = { source, at: ignoreCase ? 4 : 0, ignoreCase, depth: 0 }
  const node = either(scanner)
  if (scanner.at < source.length) throw unexpected(scanner, 'an unopened )')
  return node
}

function either(scanner: Scanner): Node {
  const parts = [sequence(scanner)]
  while (scanner.source[scanner.at] === '|') {
    scanner.at++
    parts.push(sequence(scanner))
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'either', parts }
}

function sequence(scanner: Scanner): Node {
  const parts: Node[] = []
  for (
    let next = scanner.source[scanner.at];
    next !== undefined;
    next = scanner.source[scanner.at]
  ) {
    if (next === '|' || next === ')') break
    parts.push(repeated(scanner, atom(scanner)))
  }
  return { kind: 'sequence', parts }
}

function repeated(scanner: Scanner, atomNode: Node): Node {
  let part = atomNode
  for (let bounds = quantifier(scanner); bounds !== null; bounds = quantifier(scanner)) {
    // A lazy quantifier accepts the same texts; only what a group captures would differ.
    if (scanner.source[scanner.at] === '?') scanner.at++
    if (part.kind === 'repeat') throw unexpected(scanner, 'a quantifier after a quantifier')
    part = { kind: 'repeat', part, ...bounds }
  }
  return part
}

function quantifier(scanner: Scanner): { min: number; max: number } | null {
  const next = scanner.source[scanner.at]
  const simple = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[next ?? '']
  if (simple !== undefined) {
    scanner.at++
    return { min: simple[0] ?? 0, max: simple[1] ?? 0 }
  }
  const bounds = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(
    scanner.source.slice(scanner.at, scanner.at + 12)
  )
  if (bounds === null) return null
  const min = Number(bounds[1])
  const max = bounds[2] === undefined ? min : bounds[3] === '' ? Infinity : Number(bounds[3])
  if (max < min || min > 1000 || (max > 1000 && max !== Infinity)) {
    throw unexpected(scanner, `the bounds ${bounds[0]}`)
  }
  scanner.at += bounds[0].length
  return { min, max }
}

function atom(scanner: Scanner): Node {
  const next = scanner.source[scanner.at] ?? ''
  if (next === '(') return group(scanner)
  if (next === '[') return bracket(scanner)
  if (next === '\\') return escaped(scanner)
  if ('*+?'.includes(next)) throw unexpected(scanner, `${next} with nothing to repeat`)
  scanner.at++
  if (next === '.') return { kind: 'set', has: code => code !== 10 }
  if (next === '^') return { kind: 'assert', holds: (_, at) => at === 0 }
  if (next === '$') return { kind: 'assert', holds: (text, at) => at === text.length }
  return literal(scanner, next.charCodeAt(0))
}

function group(scanner: Scanner): Node {
  const opening = /^\((\?:|\?P?<[A-Za-z_]\w*>)?(\?)?/.exec(scanner.source.slice(scanner.at))
  if (opening?.[2] !== undefined) {
    throw unexpected(scanner, 'a group that RE2 does not know (look-around, flags)')
  }
  scanner.at += opening?.[0].length ?? 1
  if (++scanner.depth > deepest) throw unexpected(scanner, `groups nested over ${deepest} deep`)
  const node = either(scanner)
  if (scanner.source[scanner.at] !== ')') throw unexpected(scanner, 'an unclosed (')
  scanner.at++
  scanner.depth--
  return node
}

function escaped(scanner: Scanner): Node {
  const letter = scanner.source[scanner.at + 1]
  if (letter === undefined) throw unexpected(scanner, 'a \\ at the end')
  if (letter === 'b' || letter === 'B') {
    scanner.at += 2
    return { kind: 'assert', holds: (text, at) => onBoundary(text, at) === (letter === 'b') }
  }
  const has = escapedSet(scanner)
  return typeof has === 'number' ? literal(scanner, has) : { kind: 'set', has }
}

function escapedSet(scanner: Scanner): number | ((code: number) => boolean) {
  const letter = scanner.source[scanner.at + 1] ?? ''
  const hex = /^\\x([0-9a-fA-F]{2})/.exec(scanner.source.slice(scanner.at, scanner.at + 4))
  const known = classes.get(letter.toLowerCase())
  if (hex === null && known === undefined && !controls.has(letter) && /[a-zA-Z0-9]/.test(letter)) {
    throw unexpected(scanner, `\\${letter}, which is not supported here`)
  }
  scanner.at += hex === null ? 2 : 4
  if (hex !== null) return Number.parseInt(hex[1] ?? '', 16)
  if (known !== undefined) {
    return letter === letter.toLowerCase() ? known : code => !known(code)
  }
  return controls.get(letter) ?? letter.charCodeAt(0)
}

function bracket(scanner: Scanner): Node {
  const start = scanner.at++
  const negated = scanner.source[scanner.at] === '^'
  if (negated) scanner.at++
  const parts: ((code: number) => boolean)[] = []
  for (let first = true; first || scanner.source[scanner.at] !== ']'; first = false) {
    if (scanner.at >= scanner.source.length) {
      scanner.at = start
      throw unexpected(scanner, 'an unclosed [')
    }
    parts.push(member(scanner))
  }
  scanner.at++
  const folded = scanner.ignoreCase
  const has = (code: number) => parts.some(part => part(code) || (folded && part(flip(code))))
  return { kind: 'set', has: negated ? code => !has(code) : has }
}

function member(scanner: Scanner): (code: number) => boolean {
  if (scanner.source.startsWith('[:', scanner.at)) throw unexpected(scanner, 'a POSIX class')
  const from = point(scanner)
  if (typeof from !== 'number') return from
  const dash = scanner.source[scanner.at] === '-' && scanner.source[scanner.at + 1] !== ']'
  if (!dash || scanner.at + 1 >= scanner.source.length) return code => code === from
  scanner.at++
  const to = point(scanner)
  if (typeof to !== 'number' || to < from) throw unexpected(scanner, 'a range from high to low')
  return code => code >= from && code <= to
}

function point(scanner: Scanner): number | ((code: number) => boolean) {
  if (scanner.source[scanner.at] === '\\') return escapedSet(scanner)
  return scanner.source.charCodeAt(scanner.at++)
}

function literal(scanner: Scanner, code: number): Node {
  const folded = scanner.ignoreCase
  return { kind: 'set', has: other => other === code || (folded && flip(other) === code) }
}

function flip(code: number): number {
  const letter = code | 32
  return letter >= 97 && letter <= 122 ? code ^ 32 : code
}

function isWord(code: number): boolean {
  const letter = code | 32
  return (letter >= 97 && letter <= 122) || (code >= 48 && code <= 57) || code === 95
}

function onBoundary(text: string, at: number): boolean {
  const before = at > 0 && isWord(text.charCodeAt(at - 1))
  return before !== (at < text.length && isWord(text.charCodeAt(at)))
}

function unexpected(scanner: Scanner, what: string): SyntaxError {
  return new SyntaxError(`${what} at character ${scanner.at + 1}`)
}
