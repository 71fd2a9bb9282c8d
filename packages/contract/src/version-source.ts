import { boundedHeader, type Headers, identityOf } from './headers.ts'
import { isVersionName, normalizeVersion, versionOfIdentity } from './versions.ts'

/** Where answers say which version gave them: a header, or a field of their JSON body such as `app.version`. */
export interface VersionSource {
  readonly kind: 'header' | 'field'
  readonly name: string
}

/**
 * Reads `header:NAME` or `field:PATH`. @throws Error that says what was expected
 */
export function parseVersionSource(text: string): VersionSource {
  const [, kind, name = ''] = /^(header|field):([\w.-]{1,128})$/.exec(text) ?? []
  if (kind !== 'header' && kind !== 'field')
    throw new Error(`expected header:NAME or field:PATH, got ${JSON.stringify(text)}`)
  return { kind, name: kind === 'header' ? name.toLowerCase() : name }
}

/**
 * The version that an answer names; undefined when it names none. Without a source it is the bookstore's own: the
 * Identity header, up to the end of `bookstore-v<digits>`; one that nobody declared is named as it calls itself.
 */
export function versionOfAnswer(
  { headers, body }: { readonly headers: Headers; readonly body: string },
  source: VersionSource | undefined
): string | undefined {
  if (source === undefined) {
    const identity = identityOf(headers)
    return identity === undefined ? undefined : (versionOfIdentity(identity) ?? identity.slice(0, 63))
  }
  const said = source.kind === 'header' ? boundedHeader(headers[source.name]) : fieldOf(body, source.name)
  return said !== undefined && isVersionName(said) ? normalizeVersion(said.slice(0, 63)) : undefined
}

// a body that is no JSON, or has no such field, names no version
function fieldOf(body: string, path: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  for (const key of path.split('.')) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    value = isThere ? (value as Record<string, unknown>)[key] : undefined
  }
  return typeof value === 'string' || typeof value === 'number' ? boundedHeader(String(value)) : undefined
}
