import { once } from 'node:events'
import { request } from 'node:http'

export interface Sent {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface SendOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Sends a request with any headers, also those that fetch does not let a program set. */
export async function send(url: string, { method = 'GET', headers = {}, body = '' }: SendOptions = {}): Promise<Sent> {
  const sent = request(url, { method, headers: { ...headers } })
  sent.end(body)
  const [answer] = await once(sent, 'response')
  let text = ''
  for await (const chunk of answer) text += chunk
  return { status: answer.statusCode, headers: answer.headers, text }
}
