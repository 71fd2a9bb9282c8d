import { expect, test } from 'vitest'
import { errorCode } from './error-code.ts'

test('the code is found through causes', () => {
  const unknownHost = Object.assign(new Error('x'), { code: 'ENOTFOUND' })
  expect(errorCode(new Error('outer', { cause: unknownHost }))).toBe('ENOTFOUND')
  expect(errorCode(new DOMException('late', 'TimeoutError'))).toBe('TIMEOUT')
  expect(errorCode('just text')).toBe('unknown error')
})
