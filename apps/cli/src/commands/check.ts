import { createApiClient } from '../api/api-client.ts'
import { checkBeforeInstall, checkInstalled } from '../check/cluster.ts'
import { type Finding, finding, formatFindings } from '../check/finding.ts'
import { checkMachine } from '../check/machine.ts'
import { runProgram } from '../check/run-program.ts'
import { checkRunning } from '../check/running.ts'
import type { Command, Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { oneOf, readOptions } from '../options.ts'
import { dataDirOf } from '../policies/policy-dir.ts'
import { findRun } from '../up/run-file.ts'

const NAMESPACES = 'bookbuyer,bookthief,bookstore,bookwarehouse'

export const check: Command = {
  name: 'check',
  summary: 'whether everything is in order, with a hint for what is not: before a start, after it, on a cluster',
  help: `Usage: bookstore check [--pre] [--cluster] [--namespaces LIST] [-o text|json]

Looks at the running bookstore: everybody answers, policies are in force, no verdict fails, the books balance.
For each thing that is not in order it says what was seen and names the page that tells what to do.

      --pre              look at what a start needs instead: Node, ports, Docker, kubectl, mesh, rights
      --cluster          look at the release on the cluster that kubectl reaches instead; with --pre, the cluster
                         must be there
      --namespaces LIST  its namespaces (default: ${NAMESPACES})
  -o, --output           text (default) or json

Exit code: 0 in order (‼ is worth to know), 1 something is not, 3 could not run.`,

  async run(args, context) {
    const { values } = readOptions(args, {
      pre: { type: 'boolean', default: false },
      cluster: { type: 'boolean', default: false },
      namespaces: { type: 'string', default: NAMESPACES },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json'])
    const namespaces = values.namespaces.split(',').map(name => name.trim())
    const findings = await look({ ...values, namespaces }, context)
    context.out(output === 'json' ? JSON.stringify(findings, null, 2) : formatFindings(findings))
    return findings.some(({ status }) => status === 'fail') ? EXIT.NO : EXIT.YES
  }
}

async function look(
  asked: { readonly pre: boolean; readonly cluster: boolean; readonly namespaces: readonly string[] },
  context: Context
): Promise<readonly Finding[]> {
  if (asked.pre) {
    return [...(await checkMachine(context, runProgram)), ...(await checkBeforeInstall(runProgram, asked.cluster))]
  }
  if (asked.cluster) return checkInstalled(runProgram, asked.namespaces)
  const run = await findRun(dataDirOf(context))
  if (run === undefined) {
    const hint = `none runs from ${dataDirOf(context)}: npm start starts one, --cluster looks at a cluster`
    return [finding('running bookstore', 'it runs', { hint, page: 'troubleshooting.md#cannot-be-reached' })]
  }
  const api = createApiClient({ signal: context.stop })
  try {
    return [
      finding('running bookstore', `it runs (process ${run.pid})`),
      ...(await checkRunning(run, api, context.stop))
    ]
  } finally {
    await api.close()
  }
}
