import { judgeCounts } from '@bookstore/verdict'
import { describe, expect, test } from 'vitest'
import { formatFault, formatReport } from './report.ts'

const split = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }

function report(counts: Record<string, number>, problems: readonly string[] = []) {
  const verdict = judgeCounts({ declared: split, counts })
  const check = {
    name: 'split 50/50',
    status: verdict.status,
    reason: verdict.reason,
    verdict,
    judgedOn: 'this run' as const
  }
  return {
    url: 'http://shop',
    judged: 'judged: the shop',
    problems,
    status: verdict.status,
    checks: [check],
    seconds: 1.25
  }
}

describe('JUnit output', () => {
  test('has a test case without a failure for a pass', () => {
    const xml = formatReport(report({ v1: 5000, v2: 5000 }), 0, 'junit')
    expect(xml).toContain('tests="1" failures="0" errors="0" time="1.250"')
    expect(xml).toContain('name="split 50/50"')
    expect(xml).not.toMatch(/<failure|<error/)
  })

  test('has a failure with the reason for a fail', () => {
    const xml = formatReport(report({ v1: 900, v2: 100 }), 1, 'junit')
    expect(xml).toContain('failures="1" errors="0"')
    expect(xml).toMatch(/<failure type="fail" message="[^"]*50\/50/)
  })

  test('has an error and no failure while there is not enough data', () => {
    const xml = formatReport(report({ v1: 5, v2: 5 }), 2, 'junit')
    expect(xml).toContain('failures="0" errors="1"')
    expect(xml).toContain('<error type="not-enough-data"')
  })

  test('escapes what a stranger wrote, also characters that XML forbids', () => {
    const xml = formatFault('http://shop', `got "<b>" & 'x'\u0007`, 'junit')
    expect(xml).toContain('message="got &quot;&lt;b&gt;&quot; &amp; &apos;x&apos;?"')
  })
})

describe('JSON output', () => {
  test('carries the exit code and the whole verdict', () => {
    const found = JSON.parse(formatReport(report({ v1: 900, v2: 100 }), 1, 'json'))
    expect(found).toMatchObject({ status: 'fail', exitCode: 1 })
    expect(found.checks[0].verdict.versions[0]).toMatchObject({
      version: 'bookstore-v1',
      count: 900
    })
  })

  test('says what kept it from running', () => {
    const found = JSON.parse(formatFault('http://shop', 'cannot be reached', 'json') ?? '')
    expect(found).toMatchObject({ status: 'error', exitCode: 3, reason: 'cannot be reached' })
  })
})

test('text output names the verdict and every version', () => {
  const text = formatReport(report({ v1: 5000, v2: 5000 }), 0, 'text')
  expect(text).toMatch(/^PASS {2}split 50\/50: /)
  expect(text).toMatch(/bookstore-v2 +5000 +50 %/)
})

test('text says that a verdict rests on the last good policies, and nothing of it when all could be read', () => {
  const even = { v1: 5000, v2: 5000 }
  expect(formatReport(report(even, ['split.yaml:12: got "lots"']), 0, 'text')).toMatch(
    /\nwarning: the last good policies decided: split\.yaml:12: got "lots"\n/
  )
  expect(formatReport(report(even), 0, 'text')).not.toContain('warning')
})

test('what cannot be judged because policies cannot be read is told in every output', () => {
  const blind = report({ v1: 5000, v2: 5000 }, ['split.yaml:12: got "lots"'])
  const [first, second] = formatReport(blind, 3, 'text').split('\n')
  expect(first).toMatch(/^NOT JUDGED {2}what is declared now cannot be read: mend it.*; by the last good policies:$/)
  expect(second).toMatch(/^ {2}PASS/)
  expect(formatReport(blind, 3, 'junit')).toContain('<error type="could-not-run"')
  expect(JSON.parse(formatReport(blind, 3, 'json'))).toMatchObject({
    status: 'error',
    reason: expect.stringContaining('cannot be read'),
    exitCode: 3,
    problems: ['split.yaml:12: got "lots"']
  })
})
