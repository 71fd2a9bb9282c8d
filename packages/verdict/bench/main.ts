import { benchCost } from './cost.ts'
import { benchFalseAlarms, benchFalseChanges } from './false-alarms.ts'
import { benchDetection, benchLateDrift, benchPass } from './speed.ts'
import { createReport } from './targets.ts'

const report = createReport()
benchCost(report)
benchDetection(report)
benchPass(report)
benchLateDrift(report)
benchFalseChanges(report)
benchFalseAlarms(report)
report.line(report.missed() === 0 ? '\nall targets met' : `\n${report.missed()} targets missed`)
process.exitCode = report.missed() === 0 ? 0 : 1
