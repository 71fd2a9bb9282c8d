export { countDecisions } from './count-decisions.ts'
export { isPolicyFile } from './folder.ts'
export type { MeshError } from './in-force.ts'
export {
  createLocalMesh,
  type LocalMesh,
  type LocalMeshOptions,
  type MeshState
} from './local-mesh.ts'
export { logChanges } from './log-changes.ts'
export { type MeshSettings, readMeshSettings, readTopology } from './settings.ts'
