import { createServer } from 'node:net'
import { CommandError } from '../command.ts'
import { PORTS, type Ports, SERVICES, type ServiceName } from './up-config.ts'

/**
 * The ports that the services will listen on: every wanted one is tried, and 0 becomes one that is free now.
 * @throws CommandError with a line for each port that is taken or not permitted, naming the variable to change
 */
export async function freePorts(host: string, wanted: Ports): Promise<Ports> {
  const faults: string[] = []
  const found = new Map<ServiceName, number>()
  for (const name of SERVICES) {
    const twin = SERVICES.find(other => found.get(other) === wanted[name])
    if (twin)
      faults.push(
        `${PORTS[name].setting}: ${wanted[name]} is the port of ${twin} already; set ${PORTS[name].setting} to another port`
      )
    else {
      const port = await tryPort(host, wanted[name])
      if (typeof port === 'number') found.set(name, port)
      else faults.push(portFault(PORTS[name].setting, `${host}:${wanted[name]}`, port))
    }
  }
  if (faults.length > 0) throw new CommandError(faults.join('\n'))
  return Object.fromEntries(found) as Record<ServiceName, number>
}

/**
 * The ports of the metrics: 100 above each service's own, so that Prometheus finds them where they were at the last start.
 * 0, which lets the system choose, where that is taken or the service's own is chosen: metrics stop no start.
 */
export async function metricsPorts(host: string, wanted: Ports): Promise<Ports> {
  const found = SERVICES.map(async name => {
    const port = wanted[name] === 0 ? 0 : await tryPort(host, wanted[name] + ABOVE)
    return [name, typeof port === 'number' ? port : 0] as const
  })
  return Object.fromEntries(await Promise.all(found)) as Record<ServiceName, number>
}

const ABOVE = 100

/** The port when it can be listened on, else the code of the error. */
function tryPort(host: string, port: number): Promise<number | string> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      const got = typeof address === 'object' && address ? address.port : port
      server.close(() => resolve(got))
    })
  })
}

function portFault(setting: string, address: string, code: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `${setting}: ${address} is used by another program; set ${setting} to another port`
    case 'EACCES':
      return `${setting}: this user may not open ${address}; set ${setting} to a port above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST: this machine has no address for ${address}; set HOST to another one, such as 127.0.0.1`
    default:
      return `${setting}: ${address} cannot be listened on (${code}); set ${setting} to another port`
  }
}
