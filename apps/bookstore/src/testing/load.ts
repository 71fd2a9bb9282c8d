import { Agent, get } from 'node:http'

/** What buyers saw. */
export interface LoadResult {
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>
  /** Requests without an answer, by error code. */
  readonly errors: ReadonlyMap<string, number>
}

export interface LoadOptions {
  /** Buyers at a time, each on a kept-alive connection of its own. */
  readonly connections: number
  /** A buyer that sees true makes no further request. */
  readonly isOver: () => boolean
}

/** Buys without pause until told to stop, or until nobody listens any more. */
export async function buyUnderLoad(
  url: string,
  { connections, isOver }: LoadOptions
): Promise<LoadResult> {
  const statuses = new Map<number, number>()
  const errors = new Map<string, number>()
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const buyer = async () => {
    while (!isOver() && !errors.has('ECONNREFUSED')) {
      try {
        const status = await statusOf(`${url}/buy-a-book/new`, agent)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      } catch (error) {
        const { code = String(error) } = error as NodeJS.ErrnoException
        errors.set(code, (errors.get(code) ?? 0) + 1)
        return
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, buyer))
  agent.destroy()
  return { statuses, errors }
}

function statusOf(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, response => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
      response.on('error', reject)
    }).on('error', reject)
  })
}
