import { type Node, parseRegex } from './regex-syntax.ts'

/** Tells whether the whole text matches. */
export type FullMatch = (text: string) => boolean

type Step =
  | { readonly op: 'set'; readonly has: (code: number) => boolean }
  | { readonly op: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly op: 'fork'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'match' }

interface Program {
  readonly steps: Step[]
  visits: number
}

const longestSource = 1000
const longestProgram = 5000

/**
 * Compiles an expression as Envoy's safe_regex takes it: RE2 syntax, and the whole text must match.
 * Runs as Thompson's simulation, in time linear in the text, because JavaScript's own engine
 * backtracks and one policy file could stop a shop. Throws a SyntaxError for what RE2 refuses.
 * Method: https://swtch.com/~rsc/regexp/regexp2.html
 */
export function compileFullMatch(source: string): FullMatch {
  if (source.length > longestSource) {
    throw new SyntaxError(`${source.length} characters, more than ${longestSource}`)
  }
  const program: Program = { steps: [], visits: 0 }
  emit(program, parseRegex(source))
  program.steps.push({ op: 'match' })
  return text => runs(program.steps, text)
}

function emit(program: Program, node: Node): void {
  // Visits, not steps: nested repeats of nothing make work without making steps.
  if (++program.visits > longestProgram) throw new SyntaxError('an expression that is too large')
  if (node.kind === 'set') program.steps.push({ op: 'set', has: node.has })
  else if (node.kind === 'assert') program.steps.push({ op: 'assert', holds: node.holds })
  else if (node.kind === 'sequence') for (const part of node.parts) emit(program, part)
  else if (node.kind === 'either') emitEither(program, node.parts)
  else emitRepeat(program, node.part, node.min, node.max)
}

function emitEither(program: Program, parts: readonly Node[]): void {
  const ends: { to: number }[] = []
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1) {
      emit(program, part)
      break
    }
    const fork = { op: 'fork' as const, first: program.steps.length + 1, second: 0 }
    program.steps.push(fork)
    emit(program, part)
    const end = { op: 'jump' as const, to: 0 }
    program.steps.push(end)
    ends.push(end)
    fork.second = program.steps.length
  }
  for (const end of ends) end.to = program.steps.length
}

function emitRepeat(program: Program, part: Node, min: number, max: number): void {
  for (let count = 0; count < min; count++) emit(program, part)
  if (max === Infinity) {
    const start = program.steps.length
    const fork = { op: 'fork' as const, first: start + 1, second: 0 }
    program.steps.push(fork)
    emit(program, part)
    program.steps.push({ op: 'jump', to: start })
    fork.second = program.steps.length
    return
  }
  const forks: { second: number }[] = []
  for (let count = min; count < max; count++) {
    const fork = { op: 'fork' as const, first: program.steps.length + 1, second: 0 }
    program.steps.push(fork)
    forks.push(fork)
    emit(program, part)
  }
  for (const fork of forks) fork.second = program.steps.length
}

function runs(program: readonly Step[], text: string): boolean {
  let threads = follow(program, [0], text, 0)
  for (let at = 0; at < text.length && threads.length > 0; at++) {
    const code = text.charCodeAt(at)
    const next: number[] = []
    for (const thread of threads) {
      const step = program[thread]
      if (step?.op === 'set' && step.has(code)) next.push(thread + 1)
    }
    threads = follow(program, next, text, at + 1)
  }
  return threads.some(thread => program[thread]?.op === 'match')
}

function follow(program: readonly Step[], starts: number[], text: string, at: number): number[] {
  const seen = new Uint8Array(program.length)
  const reached: number[] = []
  const open = starts
  for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
    if (seen[thread] === 1) continue
    seen[thread] = 1
    const step = program[thread]
    if (step?.op === 'jump') open.push(step.to)
    else if (step?.op === 'fork') open.push(step.first, step.second)
    else if (step?.op === 'assert') {
      if (step.holds(text, at)) open.push(thread + 1)
    } else reached.push(thread)
  }
  return reached
}
