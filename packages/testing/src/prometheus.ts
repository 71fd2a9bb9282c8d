import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tempDir } from './temp-dir.ts'
import { findProgram } from './tools.ts'
import { waitFor } from './wait-for.ts'

/** Something to scrape, with the labels that a cluster would give it. */
export interface ScrapeTarget {
  /** Such as `127.0.0.1:9464`. */
  readonly address: string
  readonly labels: Readonly<Record<string, string>>
}

/** One series of an answer; the value is NaN where Prometheus says so. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A real Prometheus server; ended and removed when its scope ends. */
export interface Prometheus extends AsyncDisposable {
  readonly url: string
  /** The instant query's vector. @throws Error with Prometheus' own words when the expression is wrong */
  query(expression: string): Promise<readonly Sample[]>
}

/** Starts Prometheus on a free port with a scrape each second; `rules` is the text of a rule file. */
export async function startPrometheus({
  targets,
  rules = ''
}: {
  readonly targets: readonly ScrapeTarget[]
  readonly rules?: string
}): Promise<Prometheus> {
  const program = findProgram('prometheus')
  if (program === undefined) throw new Error('expected prometheus to be installed')
  const dir = await tempDir('bookstore-prometheus-')
  await writeFile(dir.join('rules.yml'), rules)
  await writeFile(dir.join('prometheus.yml'), configOf(targets, rules === '' ? [] : ['rules.yml']))
  const port = await freePort()
  const child = spawn(
    program,
    [
      `--config.file=${dir.join('prometheus.yml')}`,
      `--storage.tsdb.path=${dir.join('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage'
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] }
  )
  let log = ''
  child.stderr.on('data', chunk => {
    log = (log + chunk).slice(-4_000)
  })
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  const end = async () => {
    child.kill('SIGKILL')
    await exited
    await dir[Symbol.asyncDispose]()
  }
  try {
    const isReady = async () => (await fetch(`${url}/-/ready`)).ok
    await waitFor(isReady, { what: 'Prometheus to be ready', timeoutMs: 30_000 })
  } catch (error) {
    await end()
    throw new Error(`${(error as Error).message}\n${log}`, { cause: error })
  }
  return { url, query: expression => query(url, expression), [Symbol.asyncDispose]: end }
}

function configOf(targets: readonly ScrapeTarget[], rules: readonly string[]): string {
  // JSON is YAML
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '900ms', evaluation_interval: '1s' },
    rule_files: rules,
    scrape_configs: [
      {
        job_name: 'bookstore',
        static_configs: targets.map(({ address, labels }) => ({ targets: [address], labels }))
      }
    ]
  })
}

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data?: {
    readonly result: readonly { readonly metric: Sample['labels']; readonly value: readonly [number, string] }[]
  }
}

async function query(url: string, expression: string): Promise<readonly Sample[]> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)
  return samplesOf(expression, await answer.json())
}

/** The vector in Prometheus' answer to an instant query. @throws Error with its own words when the expression is wrong */
export function samplesOf(expression: string, answer: unknown): readonly Sample[] {
  const { status, error, data } = answer as Answer
  if (status !== 'success' || data === undefined) throw new Error(`${expression}: ${error}`)
  return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: numberOf(value) }))
}

function numberOf(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
