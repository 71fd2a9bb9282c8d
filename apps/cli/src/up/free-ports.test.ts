import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { freePorts, metricsPorts } from './free-ports.ts'
import type { Ports } from './up-config.ts'

const anyPorts: Ports = {
  bookbuyer: 0,
  'bookstore-v1': 0,
  'bookstore-v2': 0,
  bookwarehouse: 0,
  bookthief: 0
}

describe('free ports', () => {
  test('are five different ones when the system may choose', async () => {
    const found = Object.values(await freePorts('127.0.0.1', anyPorts))
    expect(found.every(port => port > 0)).toBe(true)
    expect(new Set(found).size).toBe(5)
  })

  test('name every taken port and the variable to change', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await expect(freePorts('127.0.0.1', { ...anyPorts, bookthief: port })).rejects.toThrow(
      `BOOKTHIEF_PORT: 127.0.0.1:${port} is used by another program; set BOOKTHIEF_PORT to another port`
    )
    server.close()
  })

  test('name two services that want the same port', async () => {
    const { bookbuyer: port } = await freePorts('127.0.0.1', anyPorts)
    const wanted = { ...anyPorts, bookbuyer: port, bookthief: port }
    await expect(freePorts('127.0.0.1', wanted)).rejects.toThrow(
      `BOOKTHIEF_PORT: ${port} is the port of bookbuyer already`
    )
  })

  test('name HOST when the machine has no such address', async () => {
    await expect(freePorts('192.0.2.1', anyPorts)).rejects.toThrow('HOST: this machine has no address')
  })
})

describe('metrics ports', () => {
  test('stand 100 above those of the services, and are for the system to choose where those are taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const found = await metricsPorts('127.0.0.1', { ...anyPorts, bookbuyer: 23_457, bookthief: port - 100 })
    expect(found.bookbuyer).toBe(23_557)
    expect(found.bookthief).toBe(0)
    expect(found['bookstore-v1']).toBe(0)
    server.close()
  })
})
