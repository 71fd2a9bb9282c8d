import { runScript } from '@bookstore/testing'
import { benchCost } from './cost.ts'
import { benchFail, benchSteadiness, benchWithin } from './drifts.ts'
import { benchFalseAlarms } from './false-alarms.ts'
import { benchPromises } from './promises.ts'
import { benchRuns } from './runs.ts'
import { benchDetection, benchPass } from './speed.ts'
import { createReport } from './targets.ts'

await runScript(
  {
    help: `Usage: npm run bench:verdict

Simulates purchases and measures how soon a wrong split is found, how often a right one is not, and what an
update costs. Takes some minutes.

Exit code: 0 all targets met, 1 not all, 3 could not run.`
  },
  async () => {
    const report = createReport()
    benchCost(report)
    benchDetection(report)
    benchPass(report)
    benchFail(report)
    benchWithin(report)
    benchSteadiness(report)
    benchRuns(report)
    benchPromises(report)
    benchFalseAlarms(report)
    report.line(report.missed() === 0 ? '\nall targets met' : `\n${report.missed()} targets missed`)
    return report.missed() === 0 ? 0 : 1
  }
)
