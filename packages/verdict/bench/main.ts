import { runScript } from '@bookstore/testing'
import { benchCost } from './cost.ts'
import { benchFalseAlarms, benchFalseChanges } from './false-alarms.ts'
import { benchDetection, benchLateDrift, benchPass } from './speed.ts'
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
    benchLateDrift(report)
    benchFalseChanges(report)
    benchFalseAlarms(report)
    report.line(report.missed() === 0 ? '\nall targets met' : `\n${report.missed()} targets missed`)
    return report.missed() === 0 ? 0 : 1
  }
)
