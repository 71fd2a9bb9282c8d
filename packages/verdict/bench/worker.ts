// Measures the row that it is told the name of.
import { parentPort, workerData } from 'node:worker_threads'
import { createReport } from './report.ts'
import { randomOf } from './row.ts'
import { ROWS } from './rows.ts'

const row = ROWS.find(({ name }) => name === workerData)
if (row === undefined) throw new RangeError(`expected the name of a row, got "${workerData}"`)
const report = createReport()
row.measure(report, randomOf(row))
parentPort?.postMessage(report.found())
