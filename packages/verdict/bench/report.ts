/** What a row found: lines, and how many of its targets were missed. */
export interface Found {
  readonly lines: readonly string[]
  readonly missed: number
}

/** Collects what a row finds. */
export interface Report {
  line(text: string): void
  /** Notes the sentence with its mark; a false one counts as missed. */
  target(sentence: string, met: boolean): void
  found(): Found
}

/** An empty report. */
export function createReport(): Report {
  const lines: string[] = []
  let missed = 0
  return {
    line(text) {
      lines.push(text)
    },
    target(sentence, met) {
      if (!met) missed += 1
      lines.push(`  ${met ? 'met   ' : 'MISSED'} ${sentence}`)
    },
    found: () => ({ lines, missed })
  }
}

/** A table row: the first column is 32 characters wide, each other one 10. What never came (Infinity) is a dash. */
export function cells(texts: readonly (string | number)[]): string {
  return texts
    .map(text => (text === Infinity ? '-' : String(text)))
    .map((text, at) => (at === 0 ? text.padEnd(32) : text.padStart(10)))
    .join('')
}
