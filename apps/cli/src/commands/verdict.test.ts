import { describe, expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'

async function verdict(args: readonly string[], input = '') {
  const context = testContext({ input })
  const code = await runCli(['verdict', ...args], context)
  return { code, text: context.printed.join('\n') }
}

const half = ['--declared', 'v1=50,v2=50']

describe('bookstore verdict on counts', () => {
  test('passes counts that agree, with exit code 0', async () => {
    const { code, text } = await verdict([...half, '--counts', 'v1=5000,v2=5010'])
    expect(code).toBe(0)
    expect(text).toMatch(/^PASS {2}matches 50\/50/)
  })

  test('fails counts that do not, with exit code 1 and no alarmAt, because their order is not known', async () => {
    const { code, text } = await verdict([...half, '--counts', 'v1=600,v2=400', '-o', 'json'])
    expect(code).toBe(1)
    expect(JSON.parse(text)).toMatchObject({ status: 'fail', purchases: 1000, alarmAt: null })
  })

  test('says NOT YET with exit code 2 when there are too few', async () => {
    const { code, text } = await verdict([...half, '--counts', 'v1=10,v2=12'])
    expect(code).toBe(2)
    expect(text).toMatch(/^NOT YET/)
  })

  test('takes v1 and bookstore-v1 for the same', async () => {
    const args = ['--declared', 'bookstore-v1=1,v2=1', '--counts', 'v1=5000,bookstore-v2=5010']
    expect((await verdict(args)).code).toBe(0)
  })

  test('refuses two counts of one version, however it is named', async () => {
    for (const counts of ['v1=5,v1=6', 'v1=5,bookstore-v1=6', 'v1=5,V1=6']) {
      const context = testContext()
      expect(await runCli(['verdict', ...half, '--counts', counts], context)).toBe(3)
      expect(context.complained.join('')).toContain('expected every version once, got "bookstore-v1" twice')
    }
  })

  test('is wider with a larger tolerance', async () => {
    const counts = ['--counts', 'v1=210,v2=190']
    expect((await verdict([...half, ...counts])).code).toBe(2)
    expect((await verdict([...half, ...counts, '--tolerance', '15'])).code).toBe(0)
  })
})

describe('bookstore verdict on a sequence', () => {
  test('says at which purchase the alarm came', async () => {
    const { code, text } = await verdict([...half, '--sequence', '-', '-o', 'json'], 'v1\n'.repeat(50))
    const { alarmAt, purchases } = JSON.parse(text)
    expect(code).toBe(1)
    expect(purchases).toBe(50)
    expect(alarmAt).toBeGreaterThan(5)
    expect(alarmAt).toBeLessThan(20)
  })

  test('has no alarm where there is none; blank lines and carriage returns are no purchases', async () => {
    const input = 'v1\r\nbookstore-v2\r\n\r\n'.repeat(50)
    const { code, text } = await verdict([...half, '--sequence', '-', '-o', 'json'], input)
    expect(code).toBe(2)
    expect(JSON.parse(text)).toMatchObject({ alarmAt: null, purchases: 100 })
  })

  test('one purchase of a version with weight 0 is an alarm', async () => {
    const { code, text } = await verdict(
      ['--declared', 'v1=1,v2=0', '--sequence', '-', '-o', 'json'],
      'v1\nv1\nv2\nv1\n'
    )
    expect(code).toBe(1)
    expect(JSON.parse(text)).toMatchObject({ alarmAt: 3 })
  })
})

describe('bookstore verdict on a sequence of purchases that come in runs', () => {
  // connections of ten purchases each, which keep to their version
  const connections = Array.from({ length: 500 }, (_, at) => (Math.floor(at * 0.618_034 * 2) % 2 === 0 ? 'v1' : 'v2'))
  const sequence = (withConnection: boolean) =>
    connections.flatMap((version, at) => Array(10).fill(withConnection ? `${version} c${at}` : version)).join('\n')

  test('judges neither pass nor fail, and says why', async () => {
    const { code, text } = await verdict([...half, '--sequence', '-'], sequence(false))
    expect(code).toBe(2)
    expect(text).toMatch(/^NOT YET {2}cannot judge 50\/50: of 5,000 purchases neighbours are of one version more often/)
    expect(text).toContain('likely cause: in the order in which they came, purchases keep to one version')
  })

  test('judges by connection where each line names it', async () => {
    const { code, text } = await verdict([...half, '--tolerance', '12', '--sequence', '-'], sequence(true))
    expect(text).toMatch(/^PASS {2}judged by the first purchase on each of 500 connections, .* matches 50\/50/)
    expect(code).toBe(0)
  })

  test('refuses a line that says more', async () => {
    const context = testContext({ input: 'v1 c1 c2\n' })
    expect(await runCli(['verdict', ...half, '--sequence', '-'], context)).toBe(3)
    expect(context.complained.join('')).toContain('-:1: expected a version such as v1, perhaps with its connection')
  })
})

test('a file that holds no versions is refused in one line', async () => {
  const context = testContext()
  const args = ['verdict', '--declared', 'v1=1,v2=1', '--sequence', 'package.json']
  expect(await runCli(args, context)).toBe(3)
  expect(context.complained).toEqual([
    'package.json:1: expected a version such as v1, perhaps with its connection, got "{"\n'
  ])
})
