import { nameOf, type ObjectRef, type RequestMatch } from '../model.ts'
import type { Granted } from './grants.ts'
import { type IstioStrings, istioStrings } from './istio-strings.ts'
import type { Note, Refusal, TranslateOptions } from './translation.ts'

/** What of a rule comes after its `from`. */
export interface RuleBody {
  readonly to?: readonly { readonly operation: Readonly<Record<string, readonly string[]>> }[]
  readonly when?: readonly Readonly<Record<string, string | readonly string[]>>[]
}

/** Rules for what a source was granted, with what could not be said and what is said more narrowly. */
export interface Bodies {
  readonly bodies: readonly RuleBody[]
  readonly refusals: readonly Refusal[]
  readonly notes: readonly Note[]
}

/** The routes of a grant as rules of an AuthorizationPolicy; those without headers share one rule. */
export function ruleBodies(granted: Granted, options: TranslateOptions): Bodies {
  const ports = granted.ports === 'all' ? {} : { ports: granted.ports.map(String) }
  if (granted.routes.length === 0) {
    return { bodies: [{ to: [{ operation: ports }] }], refusals: [], notes: [] }
  }
  const said = granted.routes.map(({ group, match }) => sayRoute(group, match, ports, options))
  const bodies = said.flatMap(({ body }) => (body === null ? [] : [body]))
  return {
    bodies: [...withoutHeaders(bodies), ...bodies.filter(({ when }) => when !== undefined)],
    refusals: said.flatMap(({ refusals }) => refusals),
    notes: said.flatMap(({ notes }) => notes)
  }
}

function withoutHeaders(bodies: readonly RuleBody[]): RuleBody[] {
  const plain = bodies.filter(({ when }) => when === undefined)
  // a rule without `to` allows everything, and so says all that the others say
  if (plain.some(({ to }) => to === undefined)) return [{}]
  const to = plain.flatMap(body => body.to ?? [])
  return to.length === 0 ? [] : [{ to }]
}

interface SaidRoute {
  readonly body: RuleBody | null
  readonly refusals: readonly Refusal[]
  readonly notes: readonly Note[]
}

function sayRoute(
  group: ObjectRef,
  match: RequestMatch,
  ports: Readonly<Record<string, readonly string[]>>,
  { known }: TranslateOptions
): SaidRoute {
  const refusals: Refusal[] = []
  const notes: Note[] = []
  const say = (field: string, source: string, texts: readonly string[]): IstioStrings | null => {
    const said = istioStrings(source, texts)
    if (said === null) refusals.push(unsayable(group, match.name, field, source))
    else if (!said.isExact) notes.push(narrowing(group, match.name, field, source, said.values))
    return said
  }
  const path =
    match.path === undefined
      ? null
      : say(
          'pathRegex',
          match.path.written,
          known.map(({ path }) => path)
        )
  const headers = match.headers.map(({ name, pattern }) => {
    const texts = known.flatMap(({ headers }) => headers[name] ?? [])
    return { name, said: say(`header ${name}`, pattern.written, texts) }
  })
  if (refusals.length > 0) return { body: null, refusals, notes: [] }
  const hosts = headers.filter(({ name }) => name === 'host').map(({ said }) => said)
  const methods = match.methods === undefined || match.methods.includes('*') ? {} : { methods: match.methods }
  const operation = { ...methods, ...stringsOf('paths', 'notPaths', path), ...hostsOf(hosts), ...ports }
  const when = headers.filter(({ name }) => name !== 'host').map(({ name, said }) => conditionOf(name, said))
  const body = {
    ...(Object.keys(operation).length > 0 && { to: [{ operation }] }),
    ...(when.length > 0 && { when })
  }
  return { body, refusals, notes }
}

function stringsOf(field: string, not: string, said: IstioStrings | null): Record<string, readonly string[]> {
  if (said === null || said.isAny) return {}
  return { [field]: said.values, ...(said.notValues.length > 0 && { [not]: said.notValues }) }
}

function hostsOf(hosts: readonly (IstioStrings | null)[]): Record<string, readonly string[]> {
  return Object.assign({}, ...hosts.map(said => stringsOf('hosts', 'notHosts', said)))
}

function conditionOf(name: string, said: IstioStrings | null): Record<string, string | readonly string[]> {
  const key = `request.headers[${name}]`
  return said === null || said.isAny ? { key, values: ['*'] } : { key, ...stringsOf('values', 'notValues', said) }
}

function unsayable(group: ObjectRef, match: string, field: string, source: string): Refusal {
  return {
    object: nameOf(group),
    reason: `match ${match}: ${field} ${source} cannot be said in an AuthorizationPolicy, which takes a text, abc*, *abc or *`,
    todo: `name a request that your clients send, with --request, and what it needs is allowed; or write the expression so`
  }
}

function narrowing(group: ObjectRef, match: string, field: string, source: string, values: readonly string[]): Note {
  return {
    object: nameOf(group),
    text: `match ${match}: ${field} ${source} was narrowed to ${values.join(', ')}; what else it took is denied`
  }
}
