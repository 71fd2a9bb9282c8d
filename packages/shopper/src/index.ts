export { runShopper } from './run.ts'
export type { LedgerView, Snapshot, TimelineBucket } from './snapshot.ts'
