import type { PromiseResult } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { exitCodeOfPromises, formatProof, formatProofFault } from './report.ts'

const kept: PromiseResult = {
  name: 'retries',
  status: 'pass',
  declaredBy: 'Retry a/b: up to 3 more tries on 5xx',
  seen: '6 % of 1200 purchases failed',
  reason: '6 % expected',
  todo: ''
}
const broken: PromiseResult = {
  ...kept,
  name: 'rate-limit',
  status: 'fail',
  seen: '<script>alert("&")</script>',
  todo: 'look'
}
const hidden: PromiseResult = { ...kept, name: 'mutual-tls', status: 'not-visible', seen: '', reason: 'no TLS' }
const report = {
  url: 'http://buyer',
  judged: 'judged: bookbuyer at http://buyer',
  at: '2026-11-25T00:00:00.000Z',
  seconds: 2.5,
  results: [kept, broken, hidden],
  problems: ['a fault is left'],
  note: 'the buyer has begun a new window'
}

test('the exit code: broken before unknown before kept; what nobody declares proves nothing', () => {
  const of = (...statuses: PromiseResult['status'][]) => exitCodeOfPromises(statuses.map(status => ({ status })))
  expect(of('pass', 'not-declared', 'not-visible')).toBe(0)
  expect(of('pass', 'pending', 'fail')).toBe(1)
  expect(of('pass', 'pending')).toBe(2)
  expect(of('not-declared', 'not-visible')).toBe(2)
  expect(of()).toBe(2)
})

describe('the outputs', () => {
  test('text has a sign, what declares it, what was seen, why and what to do', () => {
    const text = formatProof(report, 1, 'text')
    expect(text).toContain('√ retries: kept\n    declared by Retry a/b')
    expect(text).toContain('× rate limit: not kept')
    expect(text).toContain('? mutual TLS: cannot be seen from here')
    expect(text).toContain('    what to do  look')
    expect(text).toContain('1 of 3 declared promises are kept, 1 cannot be seen from here ×')
    expect(text).toContain('warning: a fault is left')
    expect(text).toContain('the buyer has begun a new window')
  })

  test('json has the exit code', () => {
    expect(JSON.parse(formatProof(report, 1, 'json'))).toMatchObject({ exitCode: 1, results: [{}, {}, {}] })
  })

  test('junit counts what failed and what was skipped, and escapes what was seen', () => {
    const xml = formatProof(report, 1, 'junit')
    expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1" time="2.500"')
    expect(xml).toContain('<skipped message="no TLS">')
    expect(xml).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)')
    expect(xml).not.toContain('<script>')
  })

  test('html is one file that loads nothing and runs nothing, with everything escaped', () => {
    const page = formatProof(report, 1, 'html')
    expect(page).toContain('&#60;script&#62;')
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(/)
    expect(page).toContain('a fault is left')
  })

  test('what could not run is told to programs; text has it on standard error', () => {
    expect(JSON.parse(formatProofFault('http://x', 'nobody', 'json') ?? '')).toMatchObject({ exitCode: 3 })
    expect(formatProofFault('http://x', 'nobody', 'junit')).toContain('<error type="could-not-run" message="nobody">')
    expect(formatProofFault('http://x', 'nobody', 'text')).toBeUndefined()
  })
})
