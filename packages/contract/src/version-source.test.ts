import { expect, test } from 'vitest'
import { parseVersionSource, versionOfAnswer } from './version-source.ts'

const answer = {
  headers: { identity: 'bookstore-v2-abc', 'x-version': 'canary' },
  body: '{"app":{"version":7},"v1":"v1"}'
}

test.each([
  [undefined, 'bookstore-v2'],
  ['header:X-Version', 'canary'],
  ['header:x-other', undefined],
  ['field:app.version', '7'],
  ['field:v1', 'bookstore-v1'],
  ['field:app', undefined],
  ['field:toString', undefined]
])('the version of an answer by %s is %s', (source, version) => {
  expect(versionOfAnswer(answer, source === undefined ? undefined : parseVersionSource(source))).toBe(version)
})

test('a body that is no JSON and a header that is no name give none', () => {
  expect(versionOfAnswer({ headers: {}, body: '<html>' }, { kind: 'field', name: 'a' })).toBeUndefined()
  expect(versionOfAnswer({ headers: { v: 'a b' }, body: '' }, { kind: 'header', name: 'v' })).toBeUndefined()
  expect(versionOfAnswer({ headers: {}, body: '' }, undefined)).toBeUndefined()
})

test.each(['', 'x-version', 'cookie:a', 'header:', 'header:a b'])('%j is refused', text => {
  expect(() => parseVersionSource(text)).toThrow('expected header:NAME or field:PATH')
})
