import { formatPolicyError } from '@bookstore/policy'
import type { LocalMeshOptions } from './local-mesh.ts'

/** As much of a structured logger as is needed here. */
interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** What an application's log says of its local mesh: new policies in force, and those that are not. */
export function logChanges(log: Log): Pick<LocalMeshOptions, 'onChange' | 'onError'> {
  return {
    onChange: ({ lastChange, files }) => log.info({ change: lastChange, files }, 'policies in force'),
    onError: ({ errors }) =>
      log.warn({ errors: errors.map(formatPolicyError) }, 'policies not in force; the last good ones hold')
  }
}
