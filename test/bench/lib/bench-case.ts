/** One measured way: a figure of every round. */
export interface Row {
  readonly name: string
  readonly unit: string
  readonly values: readonly number[]
  /** What the row is compared with, by its name. */
  readonly against?: string
}

/** A sentence that a measurement makes true or false. */
export interface Target {
  readonly sentence: string
  readonly isMet: boolean
}

/** What a case has measured. */
export interface CaseResult {
  readonly rows: readonly Row[]
  readonly targets: readonly Target[]
}

/** Something to measure; `run` starts what it needs and ends it again. */
export interface BenchCase {
  readonly name: string
  readonly title: string
  readonly run: () => Promise<CaseResult>
}

/** The median; of an even number of values the upper one. @throws Error without values */
export function medianOf(values: readonly number[]): number {
  const median = values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]
  if (median === undefined) throw new Error('expected at least one value, got none')
  return median
}

/** The row's median over that of the row it is compared with; undefined when it is compared with none. */
export function ratioOf(row: Row, rows: readonly Row[]): number | undefined {
  const other = rows.find(({ name }) => name === row.against)
  return other && medianOf(row.values) / medianOf(other.values)
}

/** The result as lines for a person: median, lowest to highest, and the ratio. */
export function describeCase({ title }: BenchCase, { rows, targets }: CaseResult): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  const lines = rows.map(row => {
    const { name, unit, values, against } = row
    const ratio = ratioOf(row, rows)
    const spread = `${number(Math.min(...values))} to ${number(Math.max(...values))}`
    const compared = ratio === undefined ? '' : `  ${ratio.toFixed(2)} x ${against}`
    return `  ${name.padEnd(width)}  ${number(medianOf(values)).padStart(9)} ${unit} (${spread})${compared}`
  })
  const met = targets.map(({ sentence, isMet }) => `  ${isMet ? 'met   ' : 'MISSED'} ${sentence}`)
  return [title, ...lines, ...met].join('\n')
}

function number(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}
