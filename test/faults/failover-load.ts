import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpClient, type HttpRequest } from '@bookstore/common'
import { waitFor } from '@bookstore/testing'

export interface FailoverLoadOptions {
  /** Origins; the first one is used for as long as it says that it is ready. */
  readonly replicas: readonly [string, string]
  readonly path: string
  readonly request?: Pick<HttpRequest, 'method' | 'body'>
  readonly concurrency?: number
}

/** Requests without a pause over kept connections, sent where a load balancer would send them. */
export interface FailoverLoad {
  answered(): number
  /** Everything that was not 200, in words. */
  failures(): readonly string[]
  /** Resolves when that many more requests were answered. */
  more(requests: number): Promise<void>
  stop(): Promise<void>
}

/** Starts the load. It looks at the readiness probe every 20 ms, as a quick kubelet would. */
export function startFailoverLoad({
  replicas: [first, second],
  path,
  request = {},
  concurrency = 16
}: FailoverLoadOptions): FailoverLoad {
  const client = createHttpClient({ timeoutMs: 20_000 })
  const prober = createHttpClient({ timeoutMs: 1_000 })
  const failures: string[] = []
  let answered = 0
  let isStopped = false
  let origin = first
  const probe = async () => {
    while (!isStopped && origin === first) {
      const status = await prober.request({ url: `${first}/readiness` }).then(
        answer => answer.status,
        () => 0
      )
      if (status !== 200) origin = second
      await sleep(20)
    }
  }
  const work = async () => {
    while (!isStopped) {
      const url = origin + path
      try {
        const { status, body } = await client.request({ ...request, url })
        if (status === 200) answered++
        else failures.push(`${status} from ${url}: ${body.slice(0, 100)}`)
      } catch (error) {
        failures.push(`${(error as Error).message} from ${url}`)
      }
    }
  }
  const running = [probe(), ...Array.from({ length: concurrency }, work)]
  return {
    answered: () => answered,
    failures: () => failures,
    async more(requests) {
      const wanted = answered + requests
      await waitFor(() => answered >= wanted || failures.length > 0, {
        timeoutMs: 30_000,
        what: `${requests} more answers`
      })
    },
    async stop() {
      isStopped = true
      await Promise.all(running)
      await Promise.all([client.close(), prober.close()])
    }
  }
}
