// `npm run bench`: what restocks and sales cost. Only ratios of one run mean something on a machine that others use,
// too.
import { COULD_NOT_RUN, requireMariadb, runScript } from '@bookstore/testing'
import { describeRestocks, measureRestocks, type RestockMeasurement } from './restock.ts'
import { describeSales, measureSales, salesPerMeasurement } from './sales.ts'

const RESTOCKS = 5_000
const SPEED_UP = 5

await runScript(
  {
    help: `Usage: npm run bench

Measures restocks on MariaDB and sales of a whole bookstore, in turns, and prints their ratios.

Needs MariaDB. Exit code: 0 all targets met, 1 not all, 3 could not run.`
  },
  bench
)

async function bench(): Promise<number> {
  let missed = 0
  const target = (sentence: string, isMet: boolean) => {
    if (!isMet) missed++
    console.log(`  ${isMet ? 'met   ' : 'MISSED'} ${sentence}`)
  }

  if (!requireMariadb()) return COULD_NOT_RUN
  const measurements = await measureRestocks()
  const { overHttp, inDatabase } = measurements
  console.log(describeRestocks(measurements))
  const all = [...overHttp, ...inDatabase]
  target(
    `exactly ${RESTOCKS} recorded each way`,
    all.every(({ recorded }) => recorded === RESTOCKS)
  )
  target(
    `at the database, group commit is at least ${SPEED_UP} times as quick as one transaction per request`,
    speedUp(inDatabase) >= SPEED_UP
  )
  console.log(
    `         over HTTP it is ${speedUp(overHttp).toFixed(1)} times: there client and server share the processors with the database`
  )
  const sales = await measureSales()
  console.log(`\n${describeSales(sales)}`)
  target(
    'every sale is in the books',
    sales.every(({ recorded }) => recorded === salesPerMeasurement)
  )

  console.log(missed === 0 ? '\nall targets met' : `\n${missed} targets missed`)
  return missed === 0 ? 0 : 1
}

// the first way writes one restock at a time, the last is group commit
function speedUp(measurements: readonly RestockMeasurement[]): number {
  return (measurements.at(-1)?.perSecond ?? 0) / (measurements[0]?.perSecond ?? Number.NaN)
}
