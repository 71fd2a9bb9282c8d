export { type CountsOptions, judgeCounts } from './judge-counts.ts'
export type { VerdictOptions } from './judge-evidence.ts'
export { DEFAULT_ALPHA, DEFAULT_TOLERANCE } from './parameters.ts'
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
