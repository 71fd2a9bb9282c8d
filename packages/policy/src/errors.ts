/** One thing that is wrong with a policy, with the place to mend. */
export interface PolicyError {
  readonly file: string
  /** From 1; absent where the object never was text (it came from an API). */
  readonly line?: number
  /** `spec.backends[1].weight`; '' for the document as a whole. */
  readonly field: string
  /** What was expected and what was met. */
  readonly message: string
}

/** `split.yaml:9: spec.backends[1].weight: expected …, got …`: one line for a log, a page or a terminal. */
export function formatPolicyError({ file, line, field, message }: PolicyError): string {
  const place = line === undefined ? file : `${file}:${line}`
  return field === '' ? `${place}: ${message}` : `${place}: ${field}: ${message}`
}
