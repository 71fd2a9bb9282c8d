import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder and those above it; one that is there is left alone. @throws what mkdir throws */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  // level by level: Node's recursive mkdir never ends where a file system such as /proc says that a parent it has just
  // seen is not there
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  mkdirSync(folder)
}
