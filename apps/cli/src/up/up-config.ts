import { isAbsolute, join } from 'node:path'
import { type Env, readConfig } from '@bookstore/common'

/** The services that `bookstore up` runs, in the order of the table. */
export const SERVICES = ['bookbuyer', 'bookstore-v1', 'bookstore-v2', 'bookwarehouse', 'bookthief'] as const
export type ServiceName = (typeof SERVICES)[number]

/** The variable that changes each service's port, and the port without it. */
export const PORTS: Readonly<Record<ServiceName, { readonly setting: string; readonly port: number }>> = {
  bookbuyer: { setting: 'BOOKBUYER_PORT', port: 14001 },
  'bookstore-v1': { setting: 'BOOKSTORE_V1_PORT', port: 14011 },
  'bookstore-v2': { setting: 'BOOKSTORE_V2_PORT', port: 14012 },
  bookwarehouse: { setting: 'BOOKWAREHOUSE_PORT', port: 14013 },
  bookthief: { setting: 'BOOKTHIEF_PORT', port: 14014 }
}

export type Ports = Readonly<Record<ServiceName, number>>

/** What `bookstore up` is told by the environment. */
export interface UpConfig {
  readonly host: string
  /** 0 lets the system choose. */
  readonly ports: Ports
  /** Where logs, the database, the policies and the run file are. */
  readonly dataDir: string
  /** The user's own folder of policies, which is taken as it is; undefined for ours, which starts permissive. */
  readonly policyDir: string | undefined
}

/** Reads the environment. @throws ConfigError naming everything that cannot be read */
export function readUpConfig(env: Env, { root, cwd }: { root: string; cwd: string }): UpConfig {
  return readConfig(env, settings => {
    const policyDir = settings.optionalText('POLICY_DIR')
    const entries = SERVICES.map(name => {
      const { setting, port } = PORTS[name]
      return [name, settings.integer(setting, port, { min: 0, max: 65535 })]
    })
    return {
      host: settings.text('HOST', '127.0.0.1'),
      ports: Object.fromEntries(entries) as Record<ServiceName, number>,
      dataDir: absolute(settings.text('BOOKSTORE_DATA_DIR', join(root, '.data')), cwd),
      policyDir: policyDir && absolute(policyDir, cwd)
    }
  })
}

function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : join(cwd, path)
}
