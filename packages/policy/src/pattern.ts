import { BlockList, isIP } from 'node:net'
import { compileFullMatch } from './regex.ts'

/** What a text must look like: `written` for messages, `matches` for the decision. */
export interface Pattern {
  readonly written: string
  readonly matches: (text: string) => boolean
}

/** Longer texts match no pattern: no real request of these applications comes near, and time stays bounded. */
const longestText = 4096

/** An RE2 expression that the whole text must match (SMI, Istio `regex`). Throws a SyntaxError. */
export function regexPattern(source: string): Pattern {
  return pattern(source, compileFullMatch(source))
}

/** The text itself. */
export function exactPattern(text: string): Pattern {
  return pattern(text, other => other === text)
}

/** Everything that begins with the text (Istio `prefix`). */
export function prefixPattern(prefix: string): Pattern {
  return pattern(`${prefix}…`, text => text.startsWith(prefix))
}

/** A path or what lies below it, by whole segments (Gateway API `PathPrefix`). */
export function pathPrefixPattern(prefix: string): Pattern {
  const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
  return pattern(`${prefix}…`, text => text === base || text.startsWith(`${base}/`))
}

/**
 * Istio's strings in an AuthorizationPolicy: `*` means present, `abc*` a prefix, `*abc` a suffix, else exact.
 * https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export function istioPattern(text: string, { ignoreCase = false } = {}): Pattern {
  const fold = (value: string) => (ignoreCase ? value.toLowerCase() : value)
  const wanted = fold(text)
  if (text === '*') return pattern(text, value => value !== '')
  // A star at both ends is a suffix whose last character is a star: Istio looks at the first one only.
  if (text.startsWith('*')) return pattern(text, value => fold(value).endsWith(wanted.slice(1)))
  if (text.endsWith('*')) {
    return pattern(text, value => fold(value).startsWith(wanted.slice(0, -1)))
  }
  return pattern(text, value => fold(value) === wanted)
}

/** An address or a range of them, `10.1.0.0/16`. Throws a SyntaxError. */
export function rangePattern(range: string): Pattern {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? []
  const version = isIP(address)
  const most = version === 6 ? 128 : 32
  const bits = Number(length ?? most)
  if (version === 0 || bits > most) throw new SyntaxError(`expected a range such as 10.1.0.0/16, got ${range}`)
  const block = new BlockList()
  block.addSubnet(address, bits, familyOf(version))
  return pattern(range, text => {
    const other = isIP(text)
    return other !== 0 && block.check(text, familyOf(other))
  })
}

function familyOf(version: number): 'ipv4' | 'ipv6' {
  return version === 6 ? 'ipv6' : 'ipv4'
}

function pattern(written: string, matches: (text: string) => boolean): Pattern {
  return { written, matches: text => text.length <= longestText && matches(text) }
}
