export { runShopper } from './run.ts'
