export {
  type AccessAttempt,
  type AccessTally,
  type AccessTest,
  type AccessTestOptions,
  type AccessVerdict,
  createAccessTest,
  type ExpectedAccess,
  judgeAccess
} from './access-test.ts'
export { createJudge } from './judge.ts'
export { type CountsOptions, judgeCounts } from './judge-counts.ts'
export type { VerdictOptions } from './judge-evidence.ts'
export type { DeclaredSource, Judge, JudgeOptions, JudgeWindow, Purchase } from './judge-types.ts'
export { DEFAULT_ALPHA, DEFAULT_TOLERANCE } from './parameters.ts'
export type { Settled } from './settling.ts'
export {
  parseSplit,
  type Split,
  SplitError,
  sameSplit,
  shareOf,
  splitFromWeights
} from './split.ts'
export { createSplitTest, type SplitTest, type SplitTestOptions } from './split-test.ts'
export type { Cause, CauseCode, SplitVerdict, Status, VersionVerdict } from './split-verdict.ts'
export { normalizeVersion, versionOfIdentity } from './versions.ts'
export { describeSplit, formatSplit } from './words.ts'
