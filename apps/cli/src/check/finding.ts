/** One thing that was looked at. */
export interface Finding {
  /** Where it belongs: `machine`, `running bookstore`, `cluster`. */
  readonly section: string
  readonly name: string
  /** `warning`: in order for most, and worth to know. */
  readonly status: 'ok' | 'warning' | 'fail'
  /** What was seen and what to do. */
  readonly hint?: string
  /** The place in the documents, such as `troubleshooting.md#a-port-is-taken`. */
  readonly page?: string
}

/** A finding that is in order, or has the status, hint and page of what is not. */
export function finding(
  section: string,
  name: string,
  trouble?: { readonly hint: string; readonly page: string; readonly isWarning?: boolean }
): Finding {
  if (trouble === undefined) return { section, name, status: 'ok' }
  const { hint, page, isWarning = false } = trouble
  return { section, name, status: isWarning ? 'warning' : 'fail', hint, page }
}

const SIGNS: Readonly<Record<Finding['status'], string>> = { ok: '√', warning: '‼', fail: '×' }

/** All findings as `linkerd check` prints them: sections, a sign each, hints below. */
export function formatFindings(findings: readonly Finding[]): string {
  const sections = [...new Set(findings.map(({ section }) => section))].map(section => {
    const lines = findings.filter(found => found.section === section).flatMap(linesOf)
    return [section, '-'.repeat(section.length), ...lines, ''].join('\n')
  })
  const isFine = findings.every(({ status }) => status !== 'fail')
  return [...sections, `Status check results are ${isFine ? '√' : '×'}`].join('\n')
}

function linesOf({ name, status, hint, page }: Finding): readonly string[] {
  const hints = (hint ?? '').split('\n').filter(Boolean)
  return [`${SIGNS[status]} ${name}`, ...hints.map(line => `    ${line}`), ...(page ? [`    see docs/${page}`] : [])]
}
