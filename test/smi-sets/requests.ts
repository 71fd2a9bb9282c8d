import { type Account, accountOf, sameAccount, type Workload } from '@bookstore/contract'
import { type AccessRequest, asEnforced, evaluateAccess, type Mesh, requestsAround } from '@bookstore/policy'
import { tryRun } from '../mesh/command.ts'
import type { Address, TrialSet } from './manifests.ts'

/** A request to be sent, and whether the set allows it. */
export interface Trial {
  readonly source: Workload
  readonly request: AccessRequest
  readonly address: Address
  readonly allowed: boolean
}

/** One that ended otherwise than the set says, with how it ended. */
export interface Wrong extends Trial {
  readonly how: string
}

const MOST = 60

/** Requests around the rules between pods that run, spread over all of them where there are too many. */
export function trialsOf({ mesh, addressOf }: TrialSet): readonly Trial[] {
  const meant: Mesh = { ...mesh, policies: asEnforced(mesh.policies) }
  const all = requestsAround(meant, [{ method: 'GET', path: '/books-bought', headers: {} }]).flatMap(request => {
    const source = workloadOf(mesh, request.source)
    const address = addressOf(request.destination)
    const isOpen = request.port === undefined || request.port === address?.podPort
    if (source === undefined || address === undefined || source === request.destination || !isOpen) return []
    const isHttp = request.method !== 'TCP'
    // to both meshes, what comes to such a port is a connection and no request
    if (address.isTcp === isHttp) return []
    // a client sends no other path, and whatever is sent comes to the port at which the pod listens
    const path = isHttp && !request.path.startsWith('/') ? `/${request.path}` : request.path
    const asked = { ...request, path, port: address.podPort }
    return [{ source, request: asked, address, allowed: evaluateAccess(meant, asked).allowed }]
  })
  const unique = [...new Map(all.map(trial => [keyOf(trial), trial])).values()]
  const allowed = unique.filter(trial => trial.allowed)
  const denied = unique.filter(trial => !trial.allowed)
  return [...spread(allowed, MOST / 2), ...spread(denied, MOST / 2)]
}

/** Sends them, from the pods that they are meant to come from; gives those that ended otherwise. */
export async function wrongOf(trials: readonly Trial[]): Promise<readonly Wrong[]> {
  const sources = [...new Set(trials.map(({ source }) => source))]
  const wrong: Wrong[] = []
  for (const source of sources) {
    const own = trials.filter(trial => trial.source === source)
    const answers = await sendFrom(source, own.map(commandOf))
    own.forEach((trial, at) => {
      const [status = '000', identity = ''] = (answers[at] ?? '').split(' ')
      // only the server itself says its name
      const isIn = identity !== ''
      if (isIn !== trial.allowed)
        wrong.push({ ...trial, how: isIn ? `${identity} answered ${status}` : `${status} from the proxy` })
    })
  }
  return wrong
}

/** Runs curl commands in the client of a workload's pod; a line of output for each. */
export async function sendFrom({ namespace, name }: Workload, commands: readonly string[]): Promise<readonly string[]> {
  const target = ['-n', namespace, 'exec', '-i', `deployment/${name}`, '-c', 'client', '--', '/bin/sh']
  const { stdout, stderr } = await tryRun('kubectl', target, { input: `${commands.join('\n')}\n` })
  const lines = stdout.split('\n').filter(Boolean)
  if (lines.length !== commands.length)
    throw new Error(`expected ${commands.length} answers, got ${lines.length}: ${stderr}`)
  return lines
}

/** Of a wrong one, in words. */
export function describeWrong({ source, request, allowed, how }: Wrong): string {
  const { method, path, headers, destination, port } = request
  return `${source.name} -> ${destination.name}:${port} ${method} ${path} ${JSON.stringify(headers)}: ${allowed ? 'allowed' : 'denied'} by the set, and ${how}`
}

function commandOf({ request, address }: Trial): string {
  const { method, path, headers = {} } = request
  const verb = method === 'TCP' ? 'GET' : method
  const given = Object.entries({ ...(headers['user-agent'] === undefined && { 'user-agent': '' }), ...headers })
  const fields = given.map(([name, value]) => `-H ${quoted(value === '' ? `${name}:` : `${name}: ${value}`)}`)
  const url = `http://${address.host}:${address.port}${path || '/'}`
  const format = '%{http_code} %header{identity}\\n'
  // --path-as-is: what is sent is what the set was asked about
  return `curl -s -m 5 --path-as-is -o /dev/null -X ${verb} ${fields.join(' ')} -w ${quoted(format)} ${quoted(url)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function workloadOf({ topology }: Mesh, account: Account): Workload | undefined {
  return topology.workloads.find(workload => sameAccount(accountOf(workload), account))
}

function keyOf({ source, request }: Trial): string {
  const { destination, method, path, headers } = request
  return JSON.stringify([source.name, destination.namespace, destination.name, method, path, headers])
}

function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] as T)
}
