import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createMariadbData, MARIADB_SHARED_ARGS } from './mariadb-template.ts'
import { collectLines } from './output-lines.ts'
import { type TempDir, tempDir } from './temp-dir.ts'
import { findProgram, requireTool } from './tools.ts'
import { waitFor } from './wait-for.ts'

/** A private MariaDB server on loopback; ended and removed when its scope ends. */
export interface Mariadb extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** May do everything. */
  readonly user: string
  readonly password: string
  /** `mysql://…` URL of a database, which need not exist. */
  url(database: string): string
  /** Ends the server in good order. */
  stop(): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>
  /** The server stands still when this resolves: connections stay open and nothing answers. */
  pause(): Promise<void>
  resume(): void
}

/** Whether tests may use MariaDB (see requireTool). */
export function requireMariadb(): boolean {
  return requireTool({
    name: 'MariaDB',
    isThere: isMariadbAvailable(),
    hint: 'apt-get install mariadb-server'
  })
}

/** Whether a MariaDB server is installed on this machine. */
function isMariadbAvailable(): boolean {
  return findProgram('mariadbd') !== undefined && findProgram('mariadb-install-db') !== undefined
}

/** Starts a fresh server in a temporary folder, as root or as an ordinary user. */
export async function startMariadb(): Promise<Mariadb> {
  const dir = await tempDir('bookstore-mariadb-')
  await createMariadbData(dir.join('data'))
  await writeFile(dir.join('users.sql'), USERS_SQL)
  let server = await startOnFreePort(dir)
  const { port } = server
  return {
    host: '127.0.0.1',
    port,
    user: 'books',
    password: PASSWORD,
    url: database => `mysql://books:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`,
    stop: () => server.end('SIGTERM'),
    kill: () => server.end('SIGKILL'),
    async start() {
      server = await startServer(dir, port)
    },
    async pause() {
      server.signal('SIGSTOP')
      await waitFor(() => standsStill(server.pid), { intervalMs: 10, what: 'mariadbd to stand still' })
    },
    resume: () => server.signal('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await server.end('SIGKILL')
      await dir[Symbol.asyncDispose]()
    }
  }
}

// the percent sign proves that passwords in URLs are decoded
const PASSWORD = 'books-%-pass'
const USERS_SQL = `CREATE USER IF NOT EXISTS 'books'@'%' IDENTIFIED BY '${PASSWORD}';
GRANT ALL ON *.* TO 'books'@'%' WITH GRANT OPTION;
`

interface Server {
  readonly pid: number
  readonly port: number
  signal(signal: NodeJS.Signals): void
  end(signal: NodeJS.Signals): Promise<void>
}

// another process may take the port between our look and the server's bind
async function startOnFreePort(dir: TempDir): Promise<Server> {
  try {
    return await startServer(dir, await freePort())
  } catch {
    return startServer(dir, await freePort())
  }
}

async function startServer(dir: TempDir, port: number): Promise<Server> {
  const child = spawn(findProgram('mariadbd') ?? 'mariadbd', serverArgs(dir, port), {
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const exited = once(child, 'exit')
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  await readyForConnections(child, exited)
  return {
    pid: child.pid ?? 0,
    port,
    signal: signal => void child.kill(signal),
    async end(signal) {
      process.off('exit', killWithUs)
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await exited
    }
  }
}

/** Whether every thread has heard of the signal: on a busy machine some go on working for a while. */
async function standsStill(pid: number): Promise<boolean> {
  const tasks = `/proc/${pid}/task`
  if (!existsSync(tasks)) {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)])
    return stdout.trim().startsWith('T')
  }
  const threads = await readdir(tasks)
  const states = await Promise.all(threads.map(thread => readFile(join(tasks, thread, 'stat'), 'utf8')))
  // the state follows the name, which stands in brackets
  return states.every(state => state.slice(state.lastIndexOf(')') + 2).startsWith('T'))
}

function serverArgs(dir: TempDir, port: number): string[] {
  return [
    ...MARIADB_SHARED_ARGS,
    `--datadir=${dir.join('data')}`,
    `--socket=${dir.join('s')}`,
    `--pid-file=${dir.join('pid')}`,
    `--init-file=${dir.join('users.sql')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--innodb-buffer-pool-size=16M',
    '--innodb-fast-shutdown=2'
  ]
}

async function readyForConnections(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.stderr === null) throw new Error('expected the standard error of mariadbd to be a pipe')
  const output = collectLines(child.stderr)
  const ready = new Promise<void>(resolve => {
    output.onLine(line => line.includes('ready for connections') && resolve())
  })
  const ended = exited.then(() => {
    const lines = output.lines.slice(-20).join('\n')
    throw new Error(`expected mariadbd to become ready, it ended:\n${lines}`)
  })
  await Promise.race([ready, ended])
  ended.catch(() => undefined)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('expected a TCP address')
  return address.port
}
