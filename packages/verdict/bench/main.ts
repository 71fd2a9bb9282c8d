import { availableParallelism } from 'node:os'
import { numberOf, runScript } from '@bookstore/testing'
import { measureAll } from './pool.ts'
import type { Found } from './report.ts'
import type { Row } from './row.ts'
import { ROWS } from './rows.ts'

await runScript(
  {
    help: `Usage: npm run bench:verdict [-- --only ROW] [--workers N]

Simulates purchases and measures how soon a wrong split is found, how often a right one is not, and what an
update costs. All rows take about TIME; most take seconds, and a few minutes.

  --only ROW    this row, or where none has that name all whose names begin so; it may be given several times
  --workers N   rows that are measured at the same time (default: 2 where there are two cores)

The rows are
${names()}
Each has random numbers of its own: with one worker or many, alone or with others, it finds the same.
Rows go to standard error as they end, and in tables to standard output when all before them are done.

Exit code: 0 all targets met, 1 not all, 3 could not run.`,
    options: { only: { type: 'string', multiple: true }, workers: { type: 'string' } }
  },
  async ({ values: { only = [''], workers } }) => {
    const count =
      workers === undefined ? Math.min(2, availableParallelism()) : Math.floor(numberOf('--workers', workers, 1))
    const chosen = new Set(only.flatMap(rowsOf))
    return bench(
      ROWS.filter(row => chosen.has(row)),
      count
    )
  }
)

function rowsOf(begin: string): readonly Row[] {
  const exact = ROWS.filter(({ name }) => name === begin)
  const rows = exact.length > 0 ? exact : ROWS.filter(({ name }) => name.startsWith(begin))
  if (rows.length === 0) throw new RangeError(`--only: expected the name of a row, got "${begin}"`)
  return rows
}

async function bench(rows: readonly Row[], workers: number): Promise<number> {
  const found = new Map<Row, Found>()
  let next = 0
  const start = performance.now()
  await measureAll(rows, {
    workers,
    done(row, its, seconds) {
      found.set(row, its)
      const mark = its.missed === 0 ? '' : `, ${its.missed} MISSED`
      console.error(
        `${found.size} of ${rows.length}: ${row.name} in ${seconds.toFixed(0)} s${mark}\n${its.lines.join('\n')}`
      )
      next = printFrom(next)
    }
  })
  const missed = [...found.values()].reduce((sum, its) => sum + its.missed, 0)
  console.log(missed === 0 ? '\nall targets met' : `\n${missed} targets missed`)
  console.error(`${((performance.now() - start) / 60_000).toFixed(1)} minutes`)
  return missed === 0 ? 0 : 1

  /** Prints all rows that are done and have none before them that is not. */
  function printFrom(first: number): number {
    let at = first
    for (let row = rows[at]; row !== undefined; row = rows[at]) {
      const its = found.get(row)
      if (its === undefined) break
      if (row.table !== rows[at - 1]?.table) console.log(`\n${row.table.join('\n')}`)
      console.log(its.lines.join('\n'))
      at += 1
    }
    return at
  }
}

/** The names of all rows, in lines of about 100 characters. */
function names(): string {
  const lines = ['']
  for (const { name } of ROWS) {
    const last = lines.at(-1) ?? ''
    if (last.length + name.length > 100) lines.push(`  ${name}`)
    else lines[lines.length - 1] = last === '' ? `  ${name}` : `${last}, ${name}`
  }
  return lines.join(',\n')
}
