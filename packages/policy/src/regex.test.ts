import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileFullMatch } from './regex.ts'

const matches = (source: string, text: string) => compileFullMatch(source)(text)

describe('compileFullMatch', () => {
  test('matches the whole text, as Envoy does, and not a part of it', () => {
    expect(matches('/books-bought', '/books-bought')).toBe(true)
    expect(matches('/books-bought', '/books-bought/1')).toBe(false)
    expect(matches('/books-bought', 'x/books-bought')).toBe(false)
    expect(matches('a|ab', 'ab')).toBe(true)
    expect(matches('a|ab', 'abc')).toBe(false)
  })

  test('reads the expressions of the official policies', () => {
    expect(matches('.*a-book.*new', '/buy-a-book/new')).toBe(true)
    expect(matches('.*a-book.*new', '/buy-a-book/old')).toBe(false)
    expect(matches('.*-http-client/*.*', 'Go-http-client/1.1')).toBe(true)
    expect(matches('.*-http-client/*.*', 'curl/8.0')).toBe(false)
  })

  test.each([
    '(?=a)b',
    '(?<!a)b',
    '(a)\\1',
    'a**',
    '*a',
    '(a',
    'a)',
    '[a',
    '[z-a]',
    'a\\',
    'a{3,2}',
    'a{2000}',
    '((((a{1000}){1000}){1000}){1000})',
    '((((){1000}){1000}){1000})',
    '(a?){1000}(a){1000}',
    '(((a?){10}){10}){10}',
    'a'.repeat(1001)
  ])('refuses %s, which RE2 or the bounds here refuse', source => {
    expect(() => compileFullMatch(source)).toThrow(SyntaxError)
  })

  test.each([
    ['(?i:book)s', 'BOOKs'],
    ['(?s)a.b', 'a\nb'],
    ['\\pL+', 'Bücher'],
    ['[[:alpha:]]+', 'books'],
    ['\\x{62}ooks', 'books']
  ])('reads %s, which RE2 knows', (source, text) => {
    expect(matches(source, text)).toBe(true)
    expect(matches(source, `${text}1`)).toBe(false)
  })

  test('says what it refuses and why', () => {
    expect(() => compileFullMatch('(?=a)b')).toThrow('invalid or unsupported Perl syntax: `(?=`')
    expect(() => compileFullMatch('(a?){1000}')).toThrow(/of \d+ instructions, more than 500/)
  })

  test('agrees with JavaScript on what both know', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\.', '-', 'B')
    const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{0,}', '*?')
    const piece = fc.tuple(atom, quantifier).map(([part, count]) => part + count)
    const sequence = fc.array(piece, { maxLength: 4 }).map(parts => parts.join(''))
    const source = fc
      .tuple(sequence, sequence, sequence, quantifier)
      .map(([before, left, right, count]) => `${before}(${left}|${right})${count}`)
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '1', '.', '-'), maxLength: 8 })
    fc.assert(
      fc.property(source, text, (expression, subject) => {
        expect(matches(expression, subject)).toBe(new RegExp(`^(?:${expression})$`).test(subject))
      }),
      { numRuns: 2000 }
    )
  })

  test('folds letters after (?i) only', () => {
    expect(matches('(?i)Book[a-z]+', 'bOOKSHOP')).toBe(true)
    expect(matches('Book[a-z]+', 'bookshop')).toBe(false)
  })

  test('needs no backtracking: an expression that would hang JavaScript decides a long text', () => {
    expect(matches('(a+)+$', `${'a'.repeat(4000)}!`)).toBe(false)
    expect(matches('(a|a)*(a|aa)*', 'a'.repeat(4000))).toBe(true)
  })
})
