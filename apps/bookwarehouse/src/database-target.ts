import { readFileSync } from 'node:fs'
import { ConfigError, type SettingReader } from '@bookstore/common'
import type { MysqlTarget } from './stock/mysql-session.ts'

/** Which database holds the stock. */
export type DatabaseTarget =
  | { readonly kind: 'sqlite'; readonly file: string }
  | ({ readonly kind: 'mysql' } & MysqlTarget)

/**
 * Reads DATABASE_URL, `sqlite:<file>` or `mysql://user:password@host:port/database?tls=true`, and the MYSQL_* settings,
 * which fill in what the URL leaves out so that a password can come from a secret. Without any of them:
 * `bookwarehouse.db` in the working folder.
 * @throws ConfigError that never repeats the URL, because it may hold a password
 */
export function readDatabaseTarget(settings: SettingReader): DatabaseTarget {
  const text = settings.optionalText('DATABASE_URL')
  if (text?.startsWith('sqlite:')) return { kind: 'sqlite', file: sqliteFile(text) }
  const isMysql = text !== undefined || settings.optionalText('MYSQL_HOST') !== undefined
  if (!isMysql) return { kind: 'sqlite', file: 'bookwarehouse.db' }
  const url = text === undefined ? undefined : mysqlUrl(text)
  return {
    kind: 'mysql',
    host: url?.hostname || settings.text('MYSQL_HOST', '127.0.0.1'),
    port: Number(url?.port) || settings.integer('MYSQL_PORT', 3306, { min: 1, max: 65535 }),
    user: decoded(url?.username) || settings.text('MYSQL_USER', 'bookwarehouse'),
    password: decoded(url?.password) || readPassword(settings),
    database: decoded(url?.pathname.slice(1)) || settings.text('MYSQL_DATABASE', 'bookwarehouse'),
    tls: tlsOf(url) ?? settings.choice('MYSQL_TLS', ['true', 'false'], 'false') === 'true'
  }
}

const EXPECTED = 'expected sqlite:<file> or mysql://user:password@host:port/database'

function sqliteFile(text: string): string {
  const file = text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
  if (file === '') throw new ConfigError([`DATABASE_URL: ${EXPECTED}, got no file`])
  return file
}

function mysqlUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname || !['mysql:', 'mariadb:'].includes(url.protocol)) {
    const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(text)?.[0]
    const got = scheme ? `a URL of ${scheme}` : 'no URL'
    throw new ConfigError([`DATABASE_URL: ${EXPECTED}, got ${got}`])
  }
  return url
}

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '')
  } catch {
    throw new ConfigError([`DATABASE_URL: expected "%" only before two hexadecimal digits`])
  }
}

function tlsOf(url: URL | undefined): boolean | undefined {
  const tls = url?.searchParams.get('tls') ?? undefined
  if (tls !== undefined && tls !== 'true' && tls !== 'false') {
    throw new ConfigError([`DATABASE_URL: expected tls=true or tls=false, got tls=${tls}`])
  }
  return tls === undefined ? undefined : tls === 'true'
}

function readPassword(settings: SettingReader): string {
  const password = settings.optionalText('MYSQL_PASSWORD')
  if (password !== undefined) return password
  return settings.parsed('MYSQL_PASSWORD_FILE', fileContent) ?? ''
}

function fileContent(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new Error(`expected a readable file (${(error as NodeJS.ErrnoException).code})`)
  }
}
