export { appliedLine, applyObjects, objectsToApply } from './apply/apply.ts'
export { ApplyError } from './apply/apply-error.ts'
export { makeFolder } from './apply/make-folder.ts'
export { inNamespace, type NamedObject } from './apply/named-object.ts'
export {
  filesOf,
  filesWith,
  mayWriteTo,
  putObject,
  readPolicyFolder,
  removeObject,
  wouldApply
} from './apply/policy-folder.ts'
export { countDecisions } from './count-decisions.ts'
export { isPolicyFile } from './folder.ts'
export { folderRevision, type MeshError } from './in-force.ts'
export {
  createLocalMesh,
  type LocalMesh,
  type LocalMeshOptions,
  type MeshState
} from './local-mesh.ts'
export { logChanges } from './log-changes.ts'
export { type MeshSettings, readMeshSettings, readTopology } from './settings.ts'
