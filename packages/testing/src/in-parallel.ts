/**
 * Calls `work` with 0 to `total` - 1, at most `concurrency` at a time, and gives the results in that order.
 * The first rejection stops the start of further work and rejects.
 */
export async function inParallel<T>(
  { total, concurrency }: { readonly total: number; readonly concurrency: number },
  work: (index: number) => Promise<T>
): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const worker = async () => {
    while (next < total) {
      const index = next++
      try {
        results[index] = await work(index)
      } catch (error) {
        next = total
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(total, concurrency) }, worker))
  return results
}
