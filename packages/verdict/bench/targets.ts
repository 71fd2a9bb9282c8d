/** Prints lines and remembers which targets were missed. */
export interface Report {
  line(text: string): void
  /** Prints the sentence with its mark; a false one counts as missed. */
  target(sentence: string, met: boolean): void
  missed(): number
}

/** A report to standard output. */
export function createReport(): Report {
  let missed = 0
  return {
    line: text => console.log(text),
    target(sentence, met) {
      if (!met) missed += 1
      console.log(`  ${met ? 'met   ' : 'MISSED'} ${sentence}`)
    },
    missed: () => missed
  }
}

/** A table row of columns that are `width` characters wide. */
export function row(cells: readonly (string | number)[], width = 14): string {
  return cells.map((cell, at) => (at === 0 ? String(cell).padEnd(36) : String(cell).padStart(width))).join('')
}
