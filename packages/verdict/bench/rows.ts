import { BUYER_ROWS } from './buyers.ts'
import { COST_ROWS } from './cost.ts'
import { FAIL_ROWS } from './fail.ts'
import { FALSE_ALARM_ROWS } from './false-alarms.ts'
import { PROMISE_ROWS } from './promises.ts'
import { RANGE_ROWS } from './ranges.ts'
import type { Row } from './row.ts'
import { RUN_ROWS } from './runs.ts'
import { SPEED_ROWS } from './speed.ts'
import { STEADY_ROWS } from './steadiness.ts'
import { WITHIN_ROWS } from './within.ts'

/** All rows, in the order in which they are printed. */
export const ROWS: readonly Row[] = [
  ...COST_ROWS,
  ...SPEED_ROWS,
  ...FAIL_ROWS,
  ...WITHIN_ROWS,
  ...STEADY_ROWS,
  ...RUN_ROWS,
  ...BUYER_ROWS,
  ...RANGE_ROWS,
  ...PROMISE_ROWS,
  ...FALSE_ALARM_ROWS
]
