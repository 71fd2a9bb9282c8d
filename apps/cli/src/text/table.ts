/** Rows as lines whose columns stand below each other; columns of numbers only are aligned to the right. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string {
  const count = Math.max(0, ...rows.map(row => row.length))
  const layout = Array.from({ length: count }, (_, column) => layoutOf(rows, column))
  return rows
    .map(row =>
      row
        .map((cell, at) => pad(cell, layout[at]))
        .join(gap)
        .trimEnd()
    )
    .join('\n')
}

/** A table with a heading line. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return columns([heading, ...rows])
}

interface Layout {
  readonly width: number
  readonly right: boolean
}

function layoutOf(rows: readonly (readonly string[])[], column: number): Layout {
  const cells = rows.map(row => row[column] ?? '')
  const body = cells.slice(1).filter(cell => cell !== '' && cell !== '-')
  return {
    width: Math.max(...cells.map(cell => cell.length)),
    right: body.length > 0 && body.every(cell => /^[\d.,%]+$/.test(cell))
  }
}

function pad(cell: string, { width, right }: Layout = { width: 0, right: false }): string {
  return right ? cell.padStart(width) : cell.padEnd(width)
}
