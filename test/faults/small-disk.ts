import { execFileSync } from 'node:child_process'
import { open, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireTool, tempDir } from '@bookstore/testing'

/** A file system of a few megabytes, most of them taken. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string
  /**
   * Takes all that is free, again and again until `work` is done: SQLite frees what its log held when it opens its file
   * anew.
   * Never writes more than the disk's size at once, whatever is mounted.
   */
  keepFull<T>(work: () => Promise<T>): Promise<T>
  /** Makes room: takes away all that was not written by the service. */
  clear(): Promise<void>
}

export interface SmallDiskOptions {
  readonly megabytes?: number
  /** What is free at the start: so little that a log which grows and is then used again meets the end. */
  readonly freeKilobytes?: number
}

/** Whether a disk can be mounted here; root must be able to, everybody else is told that the test is left out. */
export function canMountDisk(): boolean {
  return requireTool({
    name: 'a file system of its own',
    isThere: process.platform === 'linux' && process.getuid?.() === 0,
    hint: 'run as root on Linux'
  })
}

/** Mounts a disk in memory. */
export async function mountSmallDisk({
  megabytes = 8,
  freeKilobytes = 768
}: SmallDiskOptions = {}): Promise<SmallDisk> {
  const dir = await tempDir('bookstore-disk-')
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir.path])
  const ballast = join(dir.path, 'ballast')
  const filler = join(dir.path, 'filler')
  const maxBytes = megabytes * 1024 * 1024
  await writeFile(ballast, Buffer.alloc(maxBytes - freeKilobytes * 1024))
  return {
    path: dir.path,
    async keepFull(work) {
      const done = new AbortController()
      const fill = async () => {
        await mustBeSmall(dir.path, maxBytes)
        await writeUntilFull(filler, maxBytes)
      }
      await fill()
      const filling = repeatUntil(done.signal, fill)
      try {
        return await work()
      } finally {
        done.abort()
        await filling
      }
    },
    clear: async () => void (await Promise.all([rm(ballast), rm(filler)])),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['--lazy', dir.path])
      await dir[Symbol.asyncDispose]()
    }
  }
}

async function repeatUntil(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work()
    await sleep(20)
  }
}

// without its mount the folder belongs to the machine's own disk, which must never be filled
async function mustBeSmall(path: string, maxBytes: number): Promise<void> {
  const { blocks, bsize } = await statfs(path)
  if (blocks * bsize > maxBytes) {
    throw new Error(`expected a disk of ${maxBytes} bytes at ${path}, got ${blocks * bsize}`)
  }
}

async function writeUntilFull(path: string, maxBytes: number): Promise<void> {
  await using file = await open(path, 'a')
  let left = maxBytes
  for (const size of [65_536, 4_096]) {
    const block = Buffer.alloc(size)
    try {
      for (; left > 0; left -= size) await file.write(block)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
}
