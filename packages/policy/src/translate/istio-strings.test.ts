import { describe, expect, test } from 'vitest'
import { istioStrings } from './istio-strings.ts'

const said = (source: string, ...known: string[]) => istioStrings(source, known)

describe('an expression becomes just as much in strings of Istio', () => {
  test.each([
    ['/books', ['/books']],
    ['^/books$', ['/books']],
    ['/books/.*', ['/books/*']],
    ['.*\\.html', ['*.html']],
    ['/(books|sell)', ['/books', '/sell']],
    ['/books/?', ['/books', '/books/']],
    ['/v[12]/.*', ['/v1/*', '/v2/*']]
  ])('%s', (source, values) => {
    const exact = said(source)
    expect({ ...exact, values: [...(exact?.values ?? [])].sort() }).toEqual({
      values: [...values].sort(),
      notValues: [],
      isAny: false,
      isExact: true
    })
  })

  test('with what may not stand there, for one or more characters', () => {
    expect(said('/books/.+')).toEqual({ values: ['/books/*'], notValues: ['/books/'], isAny: false, isExact: true })
  })

  test('or nothing need be said', () => {
    expect(said('.*')).toMatchObject({ isAny: true, isExact: true })
    expect(said('(.*|x)')).toMatchObject({ isAny: true, isExact: true })
  })
})

describe('what Istio cannot say is narrowed to', () => {
  test('the beginning or ending of a known text, as far as every text so is taken', () => {
    expect(said('.*-http-client/*.*', 'Go-http-client/1.1')).toMatchObject({
      values: ['Go-http-client*'],
      isExact: false
    })
    expect(said('.*a-book.*new', '/buy-a-book/new')).toMatchObject({ values: ['*a-book/new'], isExact: false })
  })

  test('the known text itself where no end is open, also in an alternative or behind a backslash', () => {
    expect(said('/books/[0-9]+', '/books/12')).toMatchObject({ values: ['/books/12'], isExact: false })
    expect(said('/books/[0-9]+|/sell.*', '/books/12')).toMatchObject({ values: ['/books/12'] })
    expect(said('/books/[0-9]+\\.*', '/books/1.')).toMatchObject({ values: ['/books/1.'] })
  })

  test('a dot for a lone dot, which takes a dot among others', () => {
    expect(said('/v1.0')).toEqual({ values: ['/v1.0'], notValues: [], isAny: false, isExact: false })
  })

  test('nothing, where no known text is taken', () => {
    expect(said('/books/[0-9]+', '/sell')).toBeNull()
    expect(said('/\\{id\\}')).toBeNull()
    expect(said('\\*/x')).toBeNull()
  })
})
