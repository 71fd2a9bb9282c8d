import { repositoryRoot } from '@bookstore/testing'
import type { Context } from '../src/command.ts'

/** A context whose output is kept. */
export interface TestContext extends Context {
  readonly printed: string[]
  readonly complained: string[]
}

/** A context for `runCli` in tests: no environment, no terminal, an input of the given text. */
export function testContext({
  input = '',
  ...rest
}: Partial<Omit<Context, 'input'>> & { readonly input?: string } = {}): TestContext {
  const printed: string[] = []
  const complained: string[] = []
  return {
    env: {},
    cwd: repositoryRoot,
    root: repositoryRoot.replace(/\/$/, ''),
    stop: new AbortController().signal,
    isTerminal: false,
    columns: Number.POSITIVE_INFINITY,
    input: lines(input),
    out: line => printed.push(line),
    err: text => complained.push(text),
    printed,
    complained,
    ...rest
  }
}

async function* lines(text: string): AsyncGenerator<string> {
  yield text
}
