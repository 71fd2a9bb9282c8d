import { expect, test } from 'vitest'
import { parseFlags } from './flags.ts'

const known = ['port', 'ident', 'path'] as const

test.each([
  [['--port', '14001']],
  [['-port', '14001']],
  [['--port=14001']],
  [['-port=14001', '--path', './']],
  [['--port', '1', '--port', '14001']]
])('takes %j as Go does', argv => {
  expect(parseFlags(argv, known).port).toBe('14001')
})

test('a value may hold an equals sign or be empty', () => {
  expect(parseFlags(['--ident=a=b', '--path='], known)).toEqual({ ident: 'a=b', path: '' })
})

test.each([
  [['--prot', '1'], 'expected a flag of --port, --ident, --path, got "--prot"'],
  [['14001'], 'expected a flag of --port, --ident, --path, got "14001"'],
  [['--port'], '--port: expected a value, got the end of the line'],
  [['---port', '1'], 'got "---port"']
])('refuses %j and says why', (argv, message) => {
  expect(() => parseFlags(argv, known)).toThrow(message)
})
