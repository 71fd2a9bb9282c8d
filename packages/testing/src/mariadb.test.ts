import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { requireMariadb, startMariadb } from './mariadb.ts'

describe.skipIf(!requireMariadb())('a private MariaDB', () => {
  test('greets on its port, is silent after kill -9 and greets again after a start', async () => {
    await using mariadb = await startMariadb()
    expect(await greeting(mariadb.port)).toContain('MariaDB')
    await mariadb.kill()
    await expect(greeting(mariadb.port)).rejects.toThrow('ECONNREFUSED')
    await mariadb.start()
    expect(await greeting(mariadb.port)).toContain('MariaDB')
    await mariadb.stop()
    await expect(greeting(mariadb.port)).rejects.toThrow('ECONNREFUSED')
  })
})

async function greeting(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    const [data] = await once(socket, 'data')
    return String(data)
  } finally {
    socket.destroy()
  }
}
