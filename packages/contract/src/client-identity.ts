import { boundedHeader, type Headers } from './headers.ts'

/** Header by which a server tells its client whom the mesh proved it to be. */
export const CLIENT_IDENTITY_HEADER = 'Bookstore-Client-Identity'

/**
 * Whom the mesh proved the client of a request to be: the URI of the client's certificate that Envoy writes into
 * x-forwarded-client-cert
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert), or
 * Linkerd's l5d-client-id. Undefined where there is no proof, as in OSM, which sends none. The last element of the list
 * is the nearest hop. It is for showing: without a mesh in front anybody could write these headers.
 */
export function provenClient(headers: Headers): string | undefined {
  const forwarded = boundedHeader(headers['x-forwarded-client-cert'], { maxLength: 4096 })
  const uri = forwarded
    ?.split(',')
    .at(-1)
    ?.match(/(?:^|;)URI="?([^;"]+)/i)?.[1]
  return boundedHeader(uri ?? headers['l5d-client-id'], { maxLength: 200 })
}

/** Whom a server says the mesh proved this client to be; undefined when it says nothing. */
export function readClientIdentity(headers: Headers): string | undefined {
  return boundedHeader(headers[CLIENT_IDENTITY_HEADER.toLowerCase()], { maxLength: 200 })
}
