export {
  type AccessAttempt,
  type AccessMonitor,
  type AccessMonitorOptions,
  createAccessMonitor,
  judgeAccess
} from './access-monitor.ts'
export { type BuyerVerdict, type CombineOptions, combineVerdicts } from './combine.ts'
export type { AccessTally } from './describe-access.ts'
export { createJudge } from './judge.ts'
export { type CountsOptions, judgeCounts } from './judge-counts.ts'
export type { VerdictOptions } from './judge-evidence.ts'
export type { Judge, JudgeOptions, JudgeWindow, Purchase } from './judge-types.ts'
export { DEFAULT_ALPHA, DEFAULT_TOLERANCE } from './parameters.ts'
export { type PassRange, passRange } from './pass-range.ts'
export type { Settled } from './settling.ts'
export { createSplitMonitor, type SplitMonitor, type SplitMonitorOptions } from './split-monitor.ts'
