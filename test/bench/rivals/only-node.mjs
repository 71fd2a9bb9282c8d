// The least that a server of Node costs at its start: nothing but node:http, and no types to strip.
import { createServer } from 'node:http'

const server = createServer((_request, response) => response.end())
server.listen(0, '127.0.0.1', () => {
  process.send?.({ listening: { port: server.address().port, metricsPort: 0 } })
})
