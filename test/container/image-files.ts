import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { tempDir } from '@bookstore/testing'
import { docker } from './docker.ts'

export interface ImageFile {
  /** As `ls -l` writes it: `-rwxr-xr-x`. */
  readonly mode: string
  /** Numbers of user and group: `0/0`. */
  readonly owner: string
  /** From the root of the image, without a slash at either end. */
  readonly path: string
}

/** Every file and folder of an image. */
export async function listFiles(image: string): Promise<readonly ImageFile[]> {
  await using dir = await tempDir('bookstore-image-')
  const archive = dir.join('image.tar')
  const container = await docker(['create', image])
  try {
    await docker(['export', '--output', archive, container])
  } finally {
    await docker(['rm', container])
  }
  const list = ['-tvf', archive, '--numeric-owner']
  const { stdout } = await promisify(execFile)('tar', list, { maxBuffer: 64 * 1024 * 1024 })
  return stdout.split('\n').filter(Boolean).map(parseLine)
}

function parseLine(line: string): ImageFile {
  const [mode = '', owner = '', _size, _date, _time, path = ''] = line.split(/\s+/)
  return { mode, owner, path: path.replace(/\/$/, '') }
}
