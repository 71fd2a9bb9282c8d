import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'
import { readServiceConfig } from './service-config.ts'

const faultsOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).message
  }
  throw new Error('nothing was wrong')
}

describe('reading settings', () => {
  test('an empty value means the default', () => {
    const config = readConfig({ A: '', B: '' }, s => [s.text('A', 'x'), s.integer('B', 7)])
    expect(config).toEqual(['x', 7])
  })

  test('values are read by their kind', () => {
    const config = readConfig({ N: '12', D: '0.1', C: 'b', O: 'http://127.0.0.1:80/' }, s => ({
      n: s.integer('N', 0),
      d: s.decimal('D', 0),
      c: s.choice('C', ['a', 'b'], 'a'),
      o: s.origin('O')
    }))
    expect(config).toEqual({ n: 12, d: 0.1, c: 'b', o: 'http://127.0.0.1' })
  })

  test('every fault is told, each on a line with name, expectation and value', () => {
    const env = { N: '1e3', D: 'Infinity', C: 'z', O: 'http://a/b', P: '70000' }
    const faults = faultsOf(() =>
      readConfig(env, s => [
        s.integer('N', 0),
        s.decimal('D', 0, { min: 0 }),
        s.choice('C', ['a', ''], 'a'),
        s.origin('O'),
        s.integer('P', 0, { min: 0, max: 65535 })
      ])
    )
    expect(faults.split('\n')).toEqual([
      'N: expected a whole number, got "1e3"',
      'D: expected a number of at least 0, got "Infinity"',
      'C: expected one of a, nothing, got "z"',
      'O: expected an origin such as http://127.0.0.1:14001, got "http://a/b"',
      'P: expected a whole number from 0 to 65535, got "70000"'
    ])
  })

  test('a mistake is shown without the password of a URL and not at any length', () => {
    const fault = (value: string) => {
      try {
        readConfig({ O: value }, s => s.origin('O'))
      } catch (error) {
        return (error as Error).message
      }
      throw new Error('expected a ConfigError')
    }
    expect(fault('http://me:secret@host')).toContain('got "http://…@host"')
    expect(fault('http://me:se@cret@host')).not.toContain('cret')
    expect(fault('x'.repeat(100_000)).length).toBeLessThan(500)
    const told = () =>
      readConfig({ E: 'http://me:secret@host' }, s =>
        s.parsed('E', value => {
          throw new Error(`expected a split, got "${value}"`)
        })
      )
    expect(told).toThrow(/^E: expected a split, got "http:\/\/…@host"$/)
    const repeat = (value: string) => {
      throw new Error(value)
    }
    const read = () => readConfig({ P: 'x'.repeat(100_000) }, s => s.parsed('P', repeat))
    expect(read).toThrow(/^P: x{200}…, got "x{200}…"$/)
  })

  test.each(['', 'x://y', 'http://a:b@c', 'http://h/?q', 'http://h/#f', 'ftp://h'])('an origin is not %j', value => {
    const read = () => readConfig({ O: value }, s => s.origin('O'))
    if (value === '') expect(read()).toBeUndefined()
    else expect(read).toThrow(/^O: expected an origin/)
  })
})

describe('settings of a service', () => {
  const read = (env: Record<string, string>, argv: string[] = []) => readServiceConfig(env, argv, {}, () => ({}))

  test('the environment wins over the flag, and the flag over the default', () => {
    expect(read({}).port).toBe(14001)
    expect(read({}, ['--port', '80']).port).toBe(80)
    expect(read({ PORT: '81' }, ['--port', '80']).port).toBe(81)
    expect(read({}).identity).toBe('unidentified')
    expect(read({}, ['-ident=me']).identity).toBe('me')
    expect(read({ IDENTITY: 'you' }, ['-ident=me']).identity).toBe('you')
  })

  test('a flag that cannot be read is named by its setting', () => {
    expect(() => read({}, ['--port', 'http'])).toThrow(/^PORT: .*got "http"$/)
  })
})
