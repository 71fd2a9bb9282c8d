/** A test suite for CI systems. */
export interface JunitSuite {
  readonly name: string
  readonly seconds: number
  readonly cases: readonly JunitCase[]
}

interface JunitCase {
  readonly name: string
  readonly details?: string | undefined
  /** Absent for a pass. */
  readonly outcome?: {
    readonly kind: 'failure' | 'error' | 'skipped'
    /** Not written for what was skipped, which has a message only. */
    readonly type: string
    readonly message: string
  }
}

/** The suite as JUnit XML (https://github.com/testmoapp/junitxml). */
export function junit({ name, seconds, cases }: JunitSuite): string {
  const count = (kind: string) => cases.filter(({ outcome }) => outcome?.kind === kind).length
  const totals = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"${skippedText(count('skipped'))} time="${seconds.toFixed(3)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(name)}" ${totals}>`,
    `  <testsuite name="${escapeXml(name)}" ${totals}>`,
    ...cases.map(one => caseXml(name, seconds, one)),
    '  </testsuite>',
    '</testsuites>'
  ].join('\n')
}

// a suite that skips nothing stays as it was
function skippedText(count: number): string {
  return count === 0 ? '' : ` skipped="${count}"`
}

function caseXml(suite: string, seconds: number, { name, details = '', outcome }: JunitCase): string {
  const output = `<system-out>${escapeXml(details)}</system-out>`
  return `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}" time="${seconds.toFixed(3)}">${outcome ? outcomeXml(outcome, details) : output}</testcase>`
}

function outcomeXml({ kind, type, message }: NonNullable<JunitCase['outcome']>, details: string): string {
  const told = `message="${escapeXml(message)}">${escapeXml(details)}</${kind}>`
  return kind === 'skipped' ? `<skipped ${told}` : `<${kind} type="${escapeXml(type)}" ${told}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;'
}

/** Text fit for an attribute or an element; characters that XML 1.0 forbids become `?`. */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
  return allowed.replace(/[&<>"']/g, character => ENTITIES[character] ?? character)
}
