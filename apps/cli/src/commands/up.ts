import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '@bookstore/common'
import { readPolicyFolder } from '@bookstore/local-mesh'
import { type Command, CommandError, type Context } from '../command.ts'
import { readOptions } from '../options.ts'
import { requirePolicies } from '../policies/in-force.ts'
import { makeDataDir, removeDatabase, startPolicies } from '../up/data-dir.ts'
import { freePorts, metricsPorts } from '../up/free-ports.ts'
import { findRun } from '../up/run-file.ts'
import { databaseFile, serviceSpecs } from '../up/services.ts'
import { runUp } from '../up/up.ts'
import { readUpConfig, type UpConfig } from '../up/up-config.ts'

/** What is in force where nothing was applied. */
export const FIRST_POLICY = 'deploy/policies/permissive-on.yaml'

export const up: Command = {
  name: 'up',
  summary: 'run everything on this machine (what npm start does)',
  help: `Usage: bookstore up

Runs bookwarehouse, bookstore-v1, bookstore-v2, bookbuyer and bookthief on this machine, with a local
mesh that follows the policies in .data/policies, until Ctrl-C. The first start is permissive, and both
versions stand behind the service bookstore; later ones keep what was applied. Logs are in .data/logs.

Environment (all optional):
  BOOKBUYER_PORT 14001, BOOKSTORE_V1_PORT 14011, BOOKSTORE_V2_PORT 14012, BOOKWAREHOUSE_PORT 14013,
  BOOKTHIEF_PORT 14014    where they listen; 0 lets the system choose
  HOST 127.0.0.1          the address they listen on
  BOOKSTORE_DATA_DIR      folder of logs, database and policies instead of .data
  POLICY_DIR              a folder of policies of your own, taken as it is
  DATABASE_URL            a database that stays, instead of a fresh sqlite:.data/stock.db
  EXPECTED_SPLIT          what the buyer should see, bookstore-v1=50,bookstore-v2=50 without it
Settings of the services (SALE_DELAY_MS, LOG_LEVEL, RESET, …) are passed on to them.

Exit code: 0 after a stop (npm and npx say 130 after Ctrl-C), 1 when a service ends by itself, 3 when something
keeps it from running.`,

  async run(args, context) {
    readOptions(args, {})
    const config = configOf(context)
    await requireNoOtherRun(config.dataDir)
    if (!existsSync(join(context.root, 'apps/bookbuyer/src/main.ts'))) throw noSources(context.root)
    const ports = await freePorts(config.host, config.ports)
    const metrics = await metricsPorts(config.host, config.ports)
    const policyDir = prepare(config, context)
    const specs = serviceSpecs({
      ...config,
      ports,
      metricsPorts: metrics,
      policyDir,
      root: context.root,
      env: context.env
    })
    return runUp({ specs, dataDir: config.dataDir, policyDir, pid: process.pid }, context)
  }
}

function configOf({ env, root, cwd }: Context): UpConfig {
  try {
    return readUpConfig(env, { root, cwd })
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, { cause: error })
    throw error
  }
}

async function requireNoOtherRun(dataDir: string): Promise<void> {
  const run = await findRun(dataDir)
  if (run === undefined) return
  throw new CommandError(
    `The bookstore runs already (process ${run.pid}, page ${run.urls['bookbuyer']}); stop that one, or set BOOKSTORE_DATA_DIR and the *_PORT variables for a second one`
  )
}

function prepare({ dataDir, policyDir }: UpConfig, { root, env, out }: Context): string {
  makeDataDir(dataDir)
  if (!env['DATABASE_URL']) removeDatabase(databaseFile(dataDir))
  if (policyDir !== undefined) {
    requirePolicyDir(policyDir)
    return policyDir
  }
  const ours = join(dataDir, 'policies')
  const kept = startPolicies(ours, join(root, FIRST_POLICY))
  requireSound(ours)
  if (kept > 0)
    out(`Kept ${kept} ${kept === 1 ? 'policy' : 'policies'} from last time; npx bookstore reset starts afresh.`)
  return ours
}

function requirePolicyDir(path: string): void {
  const got = folderTrouble(path)
  if (got !== undefined) throw new CommandError(`POLICY_DIR: ${path}: expected a folder of policies, got ${got}`)
}

function folderTrouble(path: string): string | undefined {
  try {
    readdirSync(path)
    return undefined
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    return { ENOENT: 'none', ENOTDIR: 'a file', EACCES: 'one that this user may not read' }[code] ?? code
  }
}

// with a broken one nothing would be in force, and everything allowed
function requireSound(policyDir: string): void {
  try {
    requirePolicies(readPolicyFolder(policyDir))
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const advice = `${policyDir} holds policies that cannot be read; mend them, or start afresh with npx bookstore reset:`
    throw new CommandError(`${advice}\n${error.message}`, { cause: error })
  }
}

function noSources(root: string): CommandError {
  return new CommandError(`bookstore up runs from the project's sources, which are not in ${root}`)
}
