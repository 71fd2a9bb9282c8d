import { readPolicyFolder } from '@bookstore/local-mesh'
import { describePolicies, formatPolicyError, parsePolicies } from '@bookstore/policy'
import type { Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { oneOf, readOptions } from '../options.ts'
import { listObjects } from '../policies/listed-object.ts'
import { findPolicyDir, folderFault, requireFolder, topologyOf } from '../policies/policy-dir.ts'
import { inForceAt } from '../policies/taken-up.ts'

export const policies: Command = {
  name: 'policies',
  summary: 'what is in force in the local mesh and what it means',
  help: `Usage: bookstore policies [--policy-dir FOLDER] [--output text|json]

Lists the policies in the folder and says in plain words what they mean together: the mode, the splits,
who may reach whom, and what was declared but will not do what it looks like. When a file has an error, it
says what the running bookstore follows instead.

      --policy-dir   the folder (default: that of the running bookstore up, else .data/policies)
  -o, --output       text (default) or json

Exit code: 0 all of the folder is in force, 1 a file has an error (the mesh then keeps what it had), 3 could not run.`,

  async run(args, context) {
    const { values } = readOptions(args, {
      'policy-dir': { type: 'string' },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json'])
    const folder = await findPolicyDir(values['policy-dir'], context)
    const { path, run } = folder
    if (run === undefined) requireFolder(folder)
    const { policies: found, errors: unreadable } = parsePolicies(readPolicyFolder(path))
    const fault = folderFault(folder)
    const errors = fault === undefined ? unreadable.map(formatPolicyError) : [fault]
    const report = {
      folder: path,
      objects: listObjects(path).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
      meaning: errors.length > 0 ? [] : describePolicies({ policies: found, topology: topologyOf(context) }),
      errors,
      inForce: errors.length > 0 ? await inForceAt(run, context.stop) : null
    }
    if (output === 'json') context.out(JSON.stringify(report, null, 2))
    else tell(report, context.out)
    return errors.length > 0 ? EXIT.NO : EXIT.YES
  }
}

interface Report {
  readonly folder: string
  readonly objects: readonly string[]
  readonly meaning: readonly string[]
  readonly errors: readonly string[]
  /** What the running bookstore follows while files have errors; null without errors, or when nobody runs. */
  readonly inForce: readonly string[] | null
}

function tell({ folder, objects, meaning, errors, inForce }: Report, out: (line: string) => void): void {
  if (errors.length > 0) out(`Policies in ${folder}, not all of them can be read:`)
  else out(objects.length > 0 ? `Policies in ${folder}:` : `No policies in ${folder}.`)
  for (const name of objects) out(`  ${name}`)
  out('')
  for (const line of meaning) out(line)
  if (errors.length > 0) out('The mesh keeps the policies it had, because of:')
  for (const line of errors) out(`  ${line}`)
  if (inForce === null) return
  out('It follows until that is mended:')
  for (const line of inForce) out(`  ${line}`)
}
