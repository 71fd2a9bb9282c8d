// The least that a buyer can do: undici, which asks TARGET as often as `GET /?requests=N` says, over 64 connections.
import { createServer } from 'node:http'
import { inParallel } from '@bookstore/testing'
import { Agent } from 'undici'
import { listen } from './listen.ts'

const CONNECTIONS = 64
const target = process.env['TARGET'] ?? ''
const agent = new Agent({ connections: CONNECTIONS })

listen(
  createServer(async (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', target)
    await inParallel({ total: Number(searchParams.get('requests')), concurrency: CONNECTIONS }, async () => {
      const { body } = await agent.request({ origin: target, path: '/', method: 'GET' })
      await body.text()
    })
    response.end()
  })
)
