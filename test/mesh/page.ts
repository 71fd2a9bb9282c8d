import { type ChildProcess, spawn } from 'node:child_process'
import type { Snapshot } from '@bookstore/contract'
import { waitFor } from '@bookstore/testing'

/** A page of the cluster on a local port, kept open while its pod is replaced. */
export interface Page {
  /** The origin just now; another one after the pod was replaced. */
  url(): Promise<string>
  snapshot(): Promise<Snapshot>
  /** What a path answers with, as JSON. */
  json(path: string): Promise<unknown>
  close(): void
}

/** Forwards a free local port to 14001 of a Deployment, or of another target such as `pod/NAME`. */
export function openPage(namespace: string, deployment: string, target = `deployment/${deployment}`): Page {
  let current: { readonly child: ChildProcess; readonly port: Promise<number> } | undefined
  const port = () => {
    if (current === undefined || current.child.exitCode !== null || current.child.killed) {
      current = forward(namespace, target)
    }
    return current.port
  }
  const url = async () => `http://127.0.0.1:${await port()}`
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${await url()}${path}`, { signal: AbortSignal.timeout(5000) })
    if (!answer.ok) throw new Error(`expected 200 from ${path}, got ${answer.status}`)
    return answer.json()
  }
  const json = (path: string) =>
    waitFor(
      async () => {
        try {
          return { answer: await ask(path) }
        } catch (error) {
          // kubectl keeps a forward to a pod that is gone
          current?.child.kill()
          throw error
        }
      },
      { timeoutMs: 60_000, intervalMs: 300, what: `${path} of ${deployment}` }
    ).then(({ answer }) => answer)
  return {
    async url() {
      await json('/raw')
      return url()
    },
    json,
    snapshot: async () => (await json('/api/snapshot')) as Snapshot,
    close: () => void current?.child.kill()
  }
}

function forward(namespace: string, target: string): { readonly child: ChildProcess; readonly port: Promise<number> } {
  const child = spawn('kubectl', ['-n', namespace, 'port-forward', target, ':14001'], {
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const port = new Promise<number>((resolve, reject) => {
    let said = ''
    const hear = (data: Buffer) => {
      said += String(data)
      const [, local] = /127\.0\.0\.1:(\d+) -> 14001/.exec(said) ?? []
      if (local) resolve(Number(local))
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('close', () => reject(new Error(`no port forward: ${said.trim()}`)))
  })
  port.catch(() => child.kill())
  return { child, port }
}
