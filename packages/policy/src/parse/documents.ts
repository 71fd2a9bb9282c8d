import { type Document, isMap, isNode, isSeq, LineCounter, parseAllDocuments } from 'yaml'
import type { PolicyError } from '../errors.ts'
import type { Path } from './field.ts'

/** One YAML document as plain values, with a way back to its lines. */
export interface SourceDocument {
  readonly file: string
  readonly value: unknown
  /** Line (from 1) of a field, or of the nearest thing above it that was written. */
  readonly lineOf: (path: Path) => number | undefined
  /** The number as it was written: a float cannot tell 0.1 exactly. */
  readonly sourceOf: (path: Path) => string | undefined
}

export interface PolicyFile {
  readonly name: string
  readonly text: string
}

const largestFile = 256 * 1024

/** Reads every document of a file; what is no YAML is an error with its line, and never an exception. */
export function readDocuments(file: PolicyFile): {
  readonly documents: readonly SourceDocument[]
  readonly errors: readonly PolicyError[]
} {
  if (file.text.length > largestFile) {
    const message = `expected at most ${largestFile} characters of policies, got ${file.text.length}`
    return { documents: [], errors: [{ file: file.name, line: 1, field: '', message }] }
  }
  const lines = new LineCounter()
  const documents: SourceDocument[] = []
  const errors: PolicyError[] = []
  for (const parsed of parseStream(file, lines, errors)) {
    const value = plainValue(file, parsed, lines, errors)
    if (value !== null) documents.push(toSource(file, parsed, lines, value.value))
  }
  return { documents, errors }
}

function parseStream(file: PolicyFile, lines: LineCounter, errors: PolicyError[]): Document[] {
  try {
    const parsed = parseAllDocuments(file.text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'error'
    })
    return Array.isArray(parsed) ? parsed : []
  } catch (error) {
    errors.push({ file: file.name, line: 1, field: '', message: notYaml(error) })
    return []
  }
}

function plainValue(
  file: PolicyFile,
  document: Document,
  lines: LineCounter,
  errors: PolicyError[]
): { readonly value: unknown } | null {
  const [first] = document.errors
  if (first !== undefined) {
    const line = lines.linePos(first.pos[0]).line
    errors.push({ file: file.name, line, field: '', message: notYaml(first) })
    return null
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    // An empty document, as between two `---`, says nothing and is no mistake.
    return value === null ? null : { value }
  } catch (error) {
    const line = startLine(document, lines) ?? 1
    errors.push({ file: file.name, line, field: '', message: notYaml(error) })
    return null
  }
}

function toSource(file: PolicyFile, document: Document, lines: LineCounter, value: unknown): SourceDocument {
  return {
    file: file.name,
    value,
    lineOf: path => lineOf(document, lines, path),
    sourceOf: path => {
      const node = document.getIn(path, true)
      return isNode(node) && 'source' in node && typeof node.source === 'string' ? node.source : undefined
    }
  }
}

function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  let node: unknown = document.contents
  let line = startLine(document, lines)
  for (const key of path) {
    const { start, child } = step(node, key)
    if (start === undefined) break
    line = lines.linePos(start).line
    node = child
  }
  return line
}

function step(node: unknown, key: string | number): { start: number | undefined; child: unknown } {
  if (isMap(node)) {
    const pair = node.items.find(item => String(item.key) === String(key))
    return { start: isNode(pair?.key) ? pair.key.range?.[0] : undefined, child: pair?.value }
  }
  const child = isSeq(node) && typeof key === 'number' ? node.items[key] : undefined
  return { start: isNode(child) ? child.range?.[0] : undefined, child }
}

function startLine(document: Document, lines: LineCounter): number | undefined {
  const start = document.contents?.range?.[0]
  return start === undefined ? undefined : lines.linePos(start).line
}

function notYaml(error: unknown): string {
  return `expected YAML, got: ${error instanceof Error ? error.message : String(error)}`
}
