import { Agent, get } from 'node:http'

/** What buyers saw. */
export interface LoadResult {
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>
  /** Requests without an answer, by error code. */
  readonly errors: ReadonlyMap<string, number>
}

/**
 * Buys without pause over as many kept-alive connections. A buyer ends with its connection: it breaks, or the store
 * lets it go by `connection: close`, whereupon a client in a cluster would go to another pod.
 */
export async function buyUnderLoad(url: string, connections: number): Promise<LoadResult> {
  const statuses = new Map<number, number>()
  const errors = new Map<string, number>()
  const buyer = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    try {
      for (let isKept = true; isKept; ) {
        const { status, connection } = await ask(`${url}/buy-a-book/new`, agent)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        isKept = connection !== 'close'
      }
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException
      errors.set(code, (errors.get(code) ?? 0) + 1)
    } finally {
      agent.destroy()
    }
  }
  await Promise.all(Array.from({ length: connections }, buyer))
  return { statuses, errors }
}

function ask(url: string, agent: Agent): Promise<{ status: number; connection: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, response => {
      const { statusCode: status = 0, headers } = response
      response.resume()
      response.on('end', () => resolve({ status, connection: headers.connection ?? '' }))
      response.on('error', reject)
    }).on('error', reject)
  })
}
