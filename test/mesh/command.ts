import { spawn } from 'node:child_process'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end and gives what it said; the code is an outcome, not an error. */
export function tryRun(
  program: string,
  args: readonly string[],
  { input = '' }: { readonly input?: string } = {}
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code: code ?? 1, stdout, stderr }))
    // a program that ends without reading its input closes the pipe: its code tells how it went
    child.stdin.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' || reject(error))
    child.stdin.end(input)
  })
}

/** Runs a program and gives its output. @throws Error with what it said when its code is not 0 */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly input?: string } = {}
): Promise<string> {
  const { code, stdout, stderr } = await tryRun(program, args, options)
  if (code === 0) return stdout
  const said = `${stdout}\n${stderr}`.trim().slice(-2000)
  throw new Error(`${program} ${args.slice(0, 6).join(' ')} … ended with ${code}:\n${said}`)
}

export const kubectl = (...args: string[]): Promise<string> => run('kubectl', args)

export async function kubectlJson<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl(...args, '-o', 'json')) as T
}
