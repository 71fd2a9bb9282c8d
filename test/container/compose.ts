import { chmod } from 'node:fs/promises'
import { createServer } from 'node:net'
import { repositoryRoot, tempDir } from '@bookstore/testing'
import { docker } from './docker.ts'

/**
 * The services of docker-compose.yml, started under a name of their own; gone with their volumes when the scope ends.
 */
export interface ComposeProject extends AsyncDisposable {
  /** Origin of the published bookbuyer. */
  readonly buyerUrl: string
  /** Folder whose policies the apps obey. */
  readonly policyDir: string
  readonly image: string
  readonly services: readonly string[]
  /** Id of the container of a service. */
  container(service: string): Promise<string>
}

/** Builds the image and starts everything; resolves when every service is healthy. */
export async function startCompose(): Promise<ComposeProject> {
  const policies = await tempDir('bookstore-policies-')
  // the containers read it as a user of their own
  await chmod(policies.path, 0o755)
  const port = await freePort()
  const name = `bookstore-test-${process.pid}`
  const env = {
    ...process.env,
    BOOKSTORE_TAG: name,
    BOOKSTORE_POLICIES: policies.path,
    BOOKBUYER_PORT: String(port),
    BIND_ADDRESS: '127.0.0.1',
    COMPOSE_PROFILES: '',
    OTEL_EXPORTER_OTLP_ENDPOINT: ''
  }
  const compose = (...args: readonly string[]) =>
    docker(['compose', '--project-name', name, ...args], { cwd: repositoryRoot, env })
  const remove = async () => {
    await compose('down', '--volumes', '--timeout', '10')
    await docker(['image', 'rm', '--force', `bookstore:${name}`])
    await policies[Symbol.asyncDispose]()
  }
  try {
    await compose('up', '--build', '--wait', '--wait-timeout', '300', '--quiet-pull')
  } catch (error) {
    const logs = await compose('logs', '--tail', '30')
    await remove()
    throw new Error(`${(error as Error).message}\n${logs}`, { cause: error })
  }
  return {
    buyerUrl: `http://127.0.0.1:${port}`,
    policyDir: policies.path,
    image: `bookstore:${name}`,
    services: (await compose('config', '--services')).split('\n').sort(),
    container: service => compose('ps', '--quiet', service),
    [Symbol.asyncDispose]: remove
  }
}

// docker itself could choose one, but compose takes the port as a setting
async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  await new Promise<void>(closed => server.close(() => closed()))
  if (typeof address !== 'object' || address === null) throw new Error('expected a TCP port')
  return address.port
}
