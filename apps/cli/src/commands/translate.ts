import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ServiceName } from '@bookstore/contract'
import {
  asEnforced,
  comparePromises,
  disagreements,
  type Mesh,
  objectKey,
  parsePolicyObjects,
  requestsAround,
  type Sample,
  type TranslatedObject,
  type Translation,
  translatePolicies
} from '@bookstore/policy'
import { stringify } from 'yaml'
import { type Command, CommandError, type Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { oneOf, parsedBy, readOptions, wholeNumber } from '../options.ts'
import { readSources } from '../policies/policy-sources.ts'
import { ownRequests, parseKnownRequest } from '../translate/known-request.ts'
import { type Compared, differencesTable, translationReport } from '../translate/report.ts'
import { readTranslationSources } from '../translate/sources.ts'

export const translate: Command = {
  name: 'translate',
  summary: 'SMI and OSM policies as policies of Istio or the Gateway API',
  help: `Usage: bookstore translate [-f] FILE|FOLDER|- ... [-R] [--to istio|gateway] [-o FOLDER]

Reads TrafficSplit, TrafficTarget, HTTPRouteGroup, TCPRoute, MeshConfig, Retry, UpstreamTrafficSetting, Egress
and IngressBackend, of any application, and writes what says the same to Istio. What cannot be said is refused
by name, with the reason and what to do, and stays denied. An expression that Istio cannot say is narrowed to
what known requests need. Then each request around the rules is decided by both sets, retries, bounds and ways
in and out of the mesh are compared, and every difference is told.

Istio selects by labels and SMI by account: put the Deployments and Services of your application beside its
policies. Without any, the bookstore's own are taken.

  -f, --filename     a file, a folder of files, or - for standard input; may be repeated
  -R, --recursive    look into the folders of a folder too
  -n, --namespace    namespace of objects that name none (default: default)
      --to           istio (default), or gateway: splits become HTTPRoutes, the rest stays Istio's
  -o, --out-dir      write a file for each object there (default: all of them to standard output)
      --request      a request that your clients send, such as "GET /books; user-agent: curl/8"; may be repeated
      --topology     a JSON file of workloads and services, as MESH_TOPOLOGY is, instead of manifests
      --port         port of Services that are not among the files, for an HTTPRoute
      --trust-domain of the mesh (default: cluster.local)
      --differences  print where the defaults of OSM and Istio differ, and end

Exit code: 0 all of it translated, and what differs only because it was narrowed is told; 1 something refused, or
something else differs; 3 could not run.`,

  async run(args, context) {
    const { values, positionals } = readOptions(args, OPTIONS, 'any')
    if (values.differences) {
      context.out(differencesTable())
      return EXIT.YES
    }
    const to = oneOf('--to', values.to, ['istio', 'gateway'])
    const requests = values.request.map(text => parsedBy('--request', text, parseKnownRequest))
    const port = values.port === undefined ? undefined : wholeNumber('--port', values.port, 1, 65_535)
    const names = [...(values.filename ?? []), ...positionals]
    const files = await readSources(names, context, { isRecursive: values.recursive })
    const { mesh, ports, passedOver } = readTranslationSources(files, {
      namespace: values.namespace,
      topologyFile: values.topology ?? context.env['MESH_TOPOLOGY']
    })
    const known = [...requests, ...ownRequests()]
    const portOf = ({ namespace, name }: ServiceName) => ports.get(`${namespace}/${name}`) ?? port
    const translation = translatePolicies(mesh, { to, known, portOf, trustDomain: values['trust-domain'] })
    write(translation.objects, values['out-dir'], context)
    const compared = compare(mesh, translation, known, { to, portOf })
    for (const object of passedOver) context.err(`passed over: ${object} is no policy\n`)
    for (const line of translationReport(translation, compared)) context.err(`${line}\n`)
    return isSound(translation, compared) ? EXIT.YES : EXIT.NO
  }
}

// what a note narrowed is denied as it says; nothing may be allowed that was not
function isSound({ refusals, notes }: Translation, { disagreements, others }: Compared): boolean {
  const isNarrowed = notes.some(({ text }) => text.includes('narrowed'))
  const isLess = disagreements.every(({ after }) => !after && isNarrowed)
  return refusals.length === 0 && others.length === 0 && isLess
}

const OPTIONS = {
  filename: { type: 'string', short: 'f', multiple: true },
  recursive: { type: 'boolean', short: 'R', default: false },
  namespace: { type: 'string', short: 'n' },
  to: { type: 'string', default: 'istio' },
  'out-dir': { type: 'string', short: 'o' },
  request: { type: 'string', multiple: true, default: [] as string[] },
  topology: { type: 'string' },
  port: { type: 'string' },
  'trust-domain': { type: 'string', default: 'cluster.local' },
  differences: { type: 'boolean', default: false }
} as const

// The evaluation knows the trust domain cluster.local: both sets are compared under that name.
function compare(
  mesh: Mesh,
  translation: Translation,
  samples: readonly Sample[],
  options: Pick<Parameters<typeof translatePolicies>[1], 'to' | 'portOf'>
): Compared {
  const { objects } = translatePolicies(mesh, { ...options, known: samples, trustDomain: 'cluster.local' })
  const { policies, errors } = parsePolicyObjects(objects)
  if (errors.length > 0) throw new Error(`a translation that cannot be read back: ${JSON.stringify(errors)}`)
  const before = { ...mesh, policies: asEnforced(mesh.policies) }
  const after = { ...mesh, policies }
  const requests = requestsAround(before, samples)
  const promises = comparePromises(before, after)
  // what was refused is denied, or not there: that is told already
  const isWhole = translation.refusals.length === 0
  return {
    requests: requests.length,
    questions: promises.questions,
    disagreements: disagreements(before, after, requests).filter(({ after }) => after || isWhole),
    others: promises.disagreements.filter(({ after }) => after === 'allowed' || isWhole)
  }
}

function write(objects: readonly TranslatedObject[], folder: string | undefined, { cwd, out }: Context): void {
  if (folder === undefined) {
    out(
      objects
        .map(object => stringify(object, { aliasDuplicateObjects: false }))
        .join('---\n')
        .trimEnd()
    )
    return
  }
  const path = resolve(cwd, folder)
  try {
    mkdirSync(path, { recursive: true })
    for (const object of objects) {
      const name = `${objectKey(object)}.yaml`
      writeFileSync(join(path, name), stringify(object, { aliasDuplicateObjects: false }))
      out(join(folder, name))
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError(`${folder}: expected a folder to write to (${code})`, { cause: error })
  }
}
