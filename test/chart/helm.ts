import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'

export const chartPath = fileURLToPath(new URL('../../charts/bookstore', import.meta.url))

/** What a Kubernetes object has, as far as these tests look. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  // biome-ignore lint/suspicious/noExplicitAny: rendered manifests have every shape
  readonly [field: string]: any
}

/** Runs helm; a failure is an outcome too, so it gives the code and both outputs. */
export function helm(
  ...args: string[]
): Promise<{ readonly code: number | string; readonly stdout: string; readonly stderr: string }> {
  return new Promise(resolve =>
    execFile('helm', args, { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr })
    )
  )
}

/** Whether there is a helm to test with; says so when not, because a silent skip looks like a pass. */
export async function hasHelm(): Promise<boolean> {
  const { code } = await helm('version')
  if (code !== 0) console.warn('the tests of the chart are skipped: no helm on the PATH')
  return code === 0
}

/** The objects that the chart renders with the arguments (`--set`, `-f`, …). Throws what helm says otherwise. */
export async function render(...args: string[]): Promise<KubeObject[]> {
  const { code, stdout, stderr } = await helm('template', 'demo', chartPath, '--kube-version', '1.32.0', ...args)
  if (code !== 0) throw new Error(stderr)
  return parseAllDocuments(stdout).flatMap(document => document.toJS() ?? [])
}

/** The object of that kind and name; throws when there is not exactly one. */
export function pick(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
  const found = objects.filter(object => object.kind === kind && object.metadata.name === name)
  const [only] = found
  if (only === undefined || found.length > 1) {
    throw new Error(`expected one ${kind} ${name}, got ${found.length}`)
  }
  return only
}
