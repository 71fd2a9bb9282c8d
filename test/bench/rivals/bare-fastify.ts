// A route of fastify with one answer and nothing else; LOGGER=on for a logger as a first program has it.
import Fastify from 'fastify'
import { listen, readAnswer } from './listen.ts'

const { headers, body } = readAnswer()
const app = Fastify({ logger: process.env['LOGGER'] === 'on' })
app.get('/*', async (_request, reply) => {
  reply.headers(headers)
  return body
})
await app.ready()
app.server.keepAliveTimeout = 72_000
listen(app.server)
