import { writeFile } from 'node:fs/promises'
import { tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { readWarehouseConfig } from './config.ts'

const database = (env: Record<string, string>) => readWarehouseConfig(env, []).database

test('without settings the stock is a file in the working folder', () => {
  expect(database({})).toEqual({ kind: 'sqlite', file: 'bookwarehouse.db' })
})

test.each([
  ['sqlite:books.db', 'books.db'],
  ['sqlite:/data/books.db', '/data/books.db'],
  ['sqlite:///data/books.db', '/data/books.db'],
  ['sqlite::memory:', ':memory:']
])('%s is the file %s', (url, file) => {
  expect(database({ DATABASE_URL: url })).toEqual({ kind: 'sqlite', file })
})

test('a mysql URL says everything, with its escapes read', () => {
  expect(database({ DATABASE_URL: 'mysql://me:p%40ss%2F@db.example:3307/books?tls=true' })).toEqual({
    kind: 'mysql',
    host: 'db.example',
    port: 3307,
    user: 'me',
    password: 'p@ss/',
    database: 'books',
    tls: true
  })
})

test('MYSQL_ settings stand alone', () => {
  const env = {
    MYSQL_HOST: 'mysql',
    MYSQL_PORT: '3308',
    MYSQL_USER: 'me',
    MYSQL_PASSWORD: 'secret',
    MYSQL_DATABASE: 'booksdemo',
    MYSQL_TLS: 'true'
  }
  expect(database(env)).toEqual({
    kind: 'mysql',
    host: 'mysql',
    port: 3308,
    user: 'me',
    password: 'secret',
    database: 'booksdemo',
    tls: true
  })
})

test('MYSQL_PASSWORD_FILE fills in the password that the URL leaves out', async () => {
  await using dir = await tempDir()
  const file = dir.join('password')
  await writeFile(file, ' with spaces \n')
  const env = { DATABASE_URL: 'mysql://me@db/books', MYSQL_PASSWORD_FILE: file }
  expect(database(env)).toMatchObject({ user: 'me', password: ' with spaces ', port: 3306 })
})

test('a password file that cannot be read stops the start and is named', () => {
  const env = { MYSQL_HOST: 'db', MYSQL_PASSWORD_FILE: '/no/such/file' }
  expect(() => database(env)).toThrow('MYSQL_PASSWORD_FILE: expected a readable file (ENOENT), got "/no/such/file"')
})

test.each([
  'postgres://me:hush@db/books',
  'mysql://me:hush@',
  'hush',
  'sqlite:',
  'mysql://me:hush%zz@db/b',
  'mysql://me:hush@db/b?tls=perhaps'
])('%s is refused without a word of the password', url => {
  expect(() => database({ DATABASE_URL: url })).toThrow(/^DATABASE_URL: expected (?!.*hush)/)
})

test('numbers out of range are told together', () => {
  const env = { RESTOCK_MAX_BATCH: '0', DATABASE_TIMEOUT_MS: 'soon' }
  expect(() => readWarehouseConfig(env, [])).toThrow(/DATABASE_TIMEOUT_MS: .*"soon"\nRESTOCK_MAX_BATCH: .*"0"/)
})
