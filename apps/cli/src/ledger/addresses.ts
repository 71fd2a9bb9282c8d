import type { Context } from '../command.ts'
import { httpUrl } from '../options.ts'
import { dataDirOf } from '../policies/policy-dir.ts'
import { findRun } from '../up/run-file.ts'
import { PORTS, type ServiceName } from '../up/up-config.ts'

/** Where a service is, and which folder of policies it follows. */
export interface FoundService {
  readonly url: string
  /** Undefined when the service is not one of the running `bookstore up`. */
  readonly policyDir: string | undefined
}

/**
 * Finds a service: as the option says, else as the running `bookstore up` says, else at its usual port here. The last
 * is said on standard error, because somebody else's bookstore may listen there.
 */
export async function findService(
  name: ServiceName,
  option: string,
  value: string | undefined,
  context: Pick<Context, 'cwd' | 'env' | 'root' | 'err'>
): Promise<FoundService> {
  const dataDir = dataDirOf(context)
  const run = await findRun(dataDir)
  const ours = run?.urls[name]
  const url = value === undefined ? undefined : httpUrl(option, value)
  if (ours !== undefined && (url ?? ours) === ours) return { url: ours, policyDir: run?.policyDir }
  if (url !== undefined) return { url, policyDir: undefined }
  const usual = `http://127.0.0.1:${PORTS[name].port}`
  context.err(`no bookstore runs from ${dataDir}: asking whoever listens at ${usual} (${option} names another)\n`)
  return { url: usual, policyDir: undefined }
}

/** The address alone of `findService`. */
export async function addressOf(...asked: Parameters<typeof findService>): Promise<string> {
  return (await findService(...asked)).url
}
