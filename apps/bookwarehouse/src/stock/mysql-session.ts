import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2/promise'
import { type ConnectionUsage, StockUnavailableError } from './stock.ts'

/** Where a MySQL or MariaDB server is and who we are there. */
export interface MysqlTarget {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Encrypts and verifies the server's certificate. */
  readonly tls: boolean
}

/** Connections on which work is done under a deadline. */
export interface MysqlSessions {
  /**
   * Lends a connection to `work`. Errors of `work` come through as they are. `deadlineMs` is for work that is known to
   * take longer.
   * @throws StockUnavailableError when the deadline passes, whatever hangs; its connection is then given up
   */
  use<T>(work: (connection: PoolConnection) => Promise<T>, deadlineMs?: number): Promise<T>
  usage(): ConnectionUsage
  close(): Promise<void>
}

export interface MysqlSessionOptions {
  /** Deadline in ms of one piece of work, waiting for a connection included. */
  readonly timeoutMs?: number
  readonly connections?: number
}

/** Opens connections when they are first needed; a server that is away is no error yet. */
export function createMysqlSessions(
  target: MysqlTarget,
  { timeoutMs = 3_000, connections = 4 }: MysqlSessionOptions = {}
): MysqlSessions {
  const pool = createPool({ ...connectionOptions(target, timeoutMs), connectionLimit: connections })
  pool.pool.on('connection', connection =>
    // the server's 50 s would outlive our deadline and keep locks of work that was given up
    connection.query(`SET SESSION innodb_lock_wait_timeout = 1`, error => {
      if (error) connection.destroy()
    })
  )
  const lent: Lent = { used: 0, waiting: 0 }
  return {
    use: (work, deadlineMs = timeoutMs) => withDeadline({ pool, lent }, deadlineMs, work),
    usage: () => ({ ...lent, limit: connections }),
    close: () => endPool(pool, timeoutMs)
  }
}

/** Options of a single connection; without `database` it reaches a server whose database is still to be created. */
export function connectionOptions(
  target: Omit<MysqlTarget, 'database'> & { readonly database?: string },
  timeoutMs: number
): PoolOptions {
  const { host, port, user, password, database, tls } = target
  return {
    // only these: the driver writes a warning about every option that it does not know
    host,
    port,
    user,
    password,
    ...(database === undefined ? {} : { database }),
    connectTimeout: timeoutMs,
    // for transactions in one message; no text from outside is ever put into a statement but as X'…' bytes
    multipleStatements: true,
    ...(tls ? { ssl: { rejectUnauthorized: true } } : {})
  }
}

interface Lent {
  used: number
  waiting: number
}

async function withDeadline<T>(
  { pool, lent }: { readonly pool: Pool; readonly lent: Lent },
  timeoutMs: number,
  work: (connection: PoolConnection) => Promise<T>
): Promise<T> {
  let isOver = false
  let connection: PoolConnection | undefined
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    isOver = true
    connection?.destroy()
    late.reject(new StockUnavailableError(`the database did not answer within ${timeoutMs} ms`))
  }, timeoutMs)
  const run = async () => {
    lent.waiting++
    connection = await pool.getConnection().finally(() => lent.waiting--)
    lent.used++
    try {
      if (isOver) throw new StockUnavailableError('the database came too late')
      return await work(connection)
    } finally {
      lent.used--
      connection.release()
    }
  }
  try {
    return await Promise.race([run(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

// a server that stands still never takes our goodbye
async function endPool(pool: Pool, timeoutMs: number): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, Math.min(timeoutMs, 500))
  await Promise.race([pool.end(), late.promise]).finally(() => clearTimeout(timer))
}
