import type { Context } from '../command.ts'
import { httpUrl } from '../options.ts'
import { dataDirOf } from '../policies/policy-dir.ts'
import { findRun } from '../up/run-file.ts'
import { PORTS, type ServiceName } from '../up/up-config.ts'

/** Where a service is: as the option says, else as the running `bookstore up` says, else at its usual port here. */
export async function addressOf(
  name: ServiceName,
  option: string,
  value: string | undefined,
  context: Pick<Context, 'cwd' | 'env' | 'root'>
): Promise<string> {
  if (value !== undefined) return httpUrl(option, value)
  const run = await findRun(dataDirOf(context))
  return run?.urls[name] ?? `http://127.0.0.1:${PORTS[name].port}`
}
