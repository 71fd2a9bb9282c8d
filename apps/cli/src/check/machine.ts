import { CommandError, type Context } from '../command.ts'
import { dataDirOf } from '../policies/policy-dir.ts'
import { freePorts } from '../up/free-ports.ts'
import { findRun } from '../up/run-file.ts'
import { readUpConfig } from '../up/up-config.ts'
import { type Finding, finding } from './finding.ts'
import type { RunProgram } from './run-program.ts'

const SECTION = 'this machine'

/** What a start on this machine needs, and what further parts would like to have. */
export async function checkMachine(context: Context, run: RunProgram): Promise<readonly Finding[]> {
  return [
    finding(SECTION, `Node ${process.versions.node} runs the bookstore`),
    await checkPorts(context),
    await checkDocker(run)
  ]
}

async function checkPorts(context: Context): Promise<Finding> {
  const running = await findRun(dataDirOf(context))
  if (running) return finding(SECTION, `the ports are held by the bookstore that runs (process ${running.pid})`)
  const name = 'the ports of the bookstore are free'
  try {
    const { host, ports } = readUpConfig(context.env, context)
    await freePorts(host, ports)
    return finding(SECTION, name)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return finding(SECTION, name, { hint: error.message, page: 'troubleshooting.md#a-port-is-taken' })
  }
}

async function checkDocker(run: RunProgram): Promise<Finding> {
  const { code, stdout } = await run('docker', ['version', '--format', '{{.Server.Version}}'])
  if (code === 0) return finding(SECTION, `Docker ${stdout.trim()} answers`)
  const hint = 'needed for docker compose and to build the image; npm start does without'
  return finding(SECTION, 'a Docker engine answers', {
    hint,
    page: 'troubleshooting.md#no-docker-engine',
    isWarning: true
  })
}
