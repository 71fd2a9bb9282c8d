// The least that Node can do: node:http with one answer to everything. With IDENTITIES it names one of them in turn, as a
// bookstore of many versions.
import { createServer } from 'node:http'
import { listen, readAnswer } from './listen.ts'

const { headers, body } = readAnswer()
const identities = (process.env['IDENTITIES'] ?? '').split(',').filter(Boolean)
let next = 0

listen(
  createServer((request, response) => {
    request.resume()
    const identity = identities[next++ % identities.length]
    response.writeHead(200, { ...headers, ...(identity === undefined ? {} : { Identity: identity }) })
    response.end(body)
  })
)
