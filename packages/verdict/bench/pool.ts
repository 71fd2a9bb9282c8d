import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Found } from './report.ts'
import type { Row } from './row.ts'

/** What is told while rows are measured. */
export interface PoolOptions {
  /** Rows that are measured at the same time. */
  readonly workers: number
  /** Told of each row when it is done, in the order in which they end. */
  readonly done: (row: Row, found: Found, seconds: number) => void
}

/** Measures every row in a thread of its own: those that must be alone one by one, then the others, the longest first. */
export async function measureAll(rows: readonly Row[], { workers, done }: PoolOptions): Promise<void> {
  const queue = rows.filter(row => !row.isAlone).sort((a, b) => b.seconds - a.seconds)
  for (const row of rows) if (row.isAlone) await measure(row)
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let row = queue.shift(); row !== undefined; row = queue.shift()) await measure(row)
    })
  )

  async function measure(row: Row): Promise<void> {
    const start = performance.now()
    // an error of the thread rejects
    const [found] = await once(new Worker(new URL('./worker.ts', import.meta.url), { workerData: row.name }), 'message')
    done(row, found, (performance.now() - start) / 1_000)
  }
}
