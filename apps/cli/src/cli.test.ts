import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { testContext } from '../test/test-context.ts'
import { COMMANDS, runCli } from './cli.ts'
import { cliPage } from './cli-page.ts'

describe('bookstore', () => {
  test('lists every command and its purpose', async () => {
    const context = testContext()
    expect(await runCli(['--help'], context)).toBe(0)
    for (const { name } of COMMANDS) {
      expect(context.printed.join('\n')).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'))
      expect(await runCli([name, '--help'], context)).toBe(0)
      expect(context.printed.at(-1)).toContain(`Usage: bookstore ${name}`)
    }
  })

  test('prints its version', async () => {
    const context = testContext()
    expect(await runCli(['--version'], context)).toBe(0)
    expect(context.printed).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)])
  })

  test.each([
    [['frobnicate'], 3, 'got "frobnicate"'],
    [['policies', '--nonsense'], 3, "Unknown option '--nonsense'"],
    [['policies', 'surplus'], 3, 'got "surplus"'],
    [['policies', '--output', 'xml'], 3, '--output: expected text or json, got "xml"'],
    [['apply'], 3, 'expected a file, a folder, or - for standard input'],
    [['apply', '-f'], 3, '--filename'],
    [['explain', 'bookbuyer'], 3, 'expected DESTINATION METHOD PATH'],
    [['explain', 'bookbuyer', 'bookstore', 'GET', 'x'], 3, 'expected a path'],
    [['timeline', '--seconds', '1.5'], 3, '--seconds: expected a whole number from 1 to 86400, got "1.5"'],
    [['verify', '--url', 'bookbuyer:14001'], 3, '--url: expected an address'],
    [['verify', '--timeout', 'soon'], 3, '--timeout: expected a duration'],
    [['verify', '--expect', 'v1'], 3, '--expect: expected version=weight'],
    [['verify', '--expect-access', 'maybe'], 3, 'expected allowed or denied, got "maybe"'],
    [['verify', '--alpha', '2'], 3, '--alpha: expected a number between 0 and 0.5, got "2"'],
    [['verify', '--burst', '10001'], 3, '--burst: expected a whole number from 1 to 10000, got "10001"'],
    [['verify', '--concurrency', '5'], 3, '--concurrency is for a service with --version-header'],
    [
      ['verify', '--url', 'http://x', '--expect', 'a=1', '--version-header', 'x y'],
      3,
      '--version-header: expected the name of a header, such as x-version, got "x y"'
    ],
    [['verdict', '--declared', 'v1=1,v2=1'], 3, 'expected either --counts'],
    [['verdict', '--counts', 'v1=1'], 3, 'expected --declared'],
    [['verdict', '--declared', 'v1=1,v2=1', '--counts', 'v1=-1'], 3, '--counts: expected counts such as'],
    [['verdict', '--declared', 'v1=1,v2=1', '--sequence', 'no-such-file'], 3, 'no-such-file cannot be read'],
    [['reconcile', '--wait', '1d'], 3, '--wait: expected a duration']
  ])('%j ends with code %d and one line that says why', async (args, code, words) => {
    const context = testContext()
    expect(await runCli(args, context)).toBe(code)
    expect(context.printed).toEqual([])
    expect(context.complained[0]).toContain(words)
    expect(context.complained[0]).toMatch(/^[^\n]+\n$/)
  })

  test.each([
    ['verify', '--url'],
    ['timeline', '--url']
  ])('%s names an address that does not answer and ends with code 3', async (command, option) => {
    const context = testContext()
    expect(await runCli([command, option, 'http://127.0.0.1:1'], context)).toBe(3)
    expect(context.complained.join('')).toMatch(/^http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/)
  })
})

test('an error of our own is told with its place and is no answer', async () => {
  const context = testContext()
  const broken = { ...context, out: () => assert.fail('out of paper') }
  expect(await runCli(['version'], broken)).toBe(3)
  expect(context.complained.join('')).toMatch(
    /^bookstore version: an error of the bookstore itself: .*out of paper\n +at /
  )
})

test('docs/cli.md is what npm run docs writes', () => {
  expect(readFileSync(join(repositoryRoot, 'docs/cli.md'), 'utf8')).toBe(cliPage(COMMANDS))
})
