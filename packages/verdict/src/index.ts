export {
  type AccessAttempt,
  type AccessMonitor,
  type AccessMonitorOptions,
  createAccessMonitor,
  judgeAccess
} from './access-monitor.ts'
export { type BuyerVerdict, type CombineOptions, combineVerdicts } from './combine.ts'
export type { AccessTally } from './describe-access.ts'
export { reasonWithOutlook } from './describe-split.ts'
export { expectedElsewhere } from './expected-elsewhere.ts'
export { createJudge } from './judge.ts'
export { type CountsOptions, judgeCounts } from './judge-counts.ts'
export type { VerdictOptions } from './judge-evidence.ts'
export type { Judge, JudgeOptions, JudgeWindow, Purchase } from './judge-types.ts'
export { DEFAULT_ALPHA, DEFAULT_TOLERANCE } from './parameters.ts'
export { type PassRange, passRange } from './pass-range.ts'
export { judgeBreaker } from './promises/circuit-breaking.ts'
export { judgeDiscovery, judgeWithdrawal } from './promises/discovery.ts'
export { judgeEgress } from './promises/egress.ts'
export { judgeEjection } from './promises/ejection.ts'
export { judgeBalance } from './promises/load-balancing.ts'
export { judgeMutualTls, type StoreCertificate } from './promises/mutual-tls.ts'
export type { PromiseVerdict } from './promises/promise-verdict.ts'
export { judgeRateLimit } from './promises/rate-limit.ts'
export { judgeRetries } from './promises/retries.ts'
export { judgeTimeout } from './promises/timeouts.ts'
export type { Settled } from './settling.ts'
export { createSplitMonitor, type SplitMonitor, type SplitMonitorOptions } from './split-monitor.ts'
