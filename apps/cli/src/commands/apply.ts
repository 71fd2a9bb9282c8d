import { existsSync } from 'node:fs'
import {
  appliedLine,
  applyObjects,
  filesWith,
  type NamedObject,
  objectsToApply,
  readPolicyFolder,
  wouldApply
} from '@bookstore/local-mesh'
import type { Command, Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readOptions } from '../options.ts'
import { meaningOf } from '../policies/in-force.ts'
import { findPolicyDir, type PolicyDir, topologyOf } from '../policies/policy-dir.ts'
import { readSources } from '../policies/policy-sources.ts'
import { SOURCE_HELP, SOURCE_OPTIONS } from '../policies/source-options.ts'
import { inForceAt, takenUpAfter } from '../policies/taken-up.ts'
import { formatDuration } from '../text/duration.ts'
import type { RunFile } from '../up/run-file.ts'

export const apply: Command = {
  name: 'apply',
  summary: 'put policies in force in the local mesh, as kubectl apply does in a cluster',
  help: `Usage: bookstore apply [-f] FILE|FOLDER|- ... [-R] [-n NAMESPACE] [--dry-run]

Checks everything first: when a file has an error, it is named with its line and field, and nothing is
changed. Then puts each object into the policy folder and says what the policies mean together.

${SOURCE_HELP}
      --dry-run      say what would change and what it would mean, and change nothing

Exit code: 0 applied, and in force where a bookstore runs; 1 refused, or not in force because of another file;
3 could not run.`,

  async run(args, context) {
    const { values, positionals } = readOptions(
      args.map(plainDryRun),
      { ...SOURCE_OPTIONS, 'dry-run': { type: 'boolean', default: false } },
      'any'
    )
    const files = await readSources([...(values.filename ?? []), ...positionals], context, {
      isRecursive: values.recursive
    })
    const folder = await findPolicyDir(values['policy-dir'], context)
    const objects = objectsToApply(folder.path, files, values.namespace)
    if (values['dry-run']) return rehearse(folder.path, objects, context)
    const since = Date.now()
    const isAnew = folder.run !== undefined && !existsSync(folder.path)
    const applied = applyObjects(folder.path, objects)
    for (const one of applied) context.out(appliedLine(one))
    if (isAnew) {
      context.err(
        `warning: ${folder.path} was gone and is made anew: what the mesh followed until now is no longer declared\n`
      )
    }
    const isChanged = applied.some(({ result }) => result !== 'unchanged')
    return (await tellMeaning(folder, context, isChanged ? since : undefined)) ? EXIT.YES : EXIT.NO
  }
}

// kubectl wants a value, and asks nobody but us here
function plainDryRun(word: string): string {
  return /^--dry-run=(client|server)$/.test(word) ? '--dry-run' : word
}

function rehearse(folder: string, objects: readonly NamedObject[], context: Context): number {
  for (const object of objects) {
    context.out(`${appliedLine({ object, result: wouldApply(folder, object) })} (dry run)`)
  }
  const { isSound, lines } = meaningOf(filesWith(folder, objects), topologyOf(context))
  context.out('')
  for (const line of lines) context.out(line)
  return isSound ? EXIT.YES : EXIT.NO
}

/**
 * Says what the folder means now and, after a change, when the running services took it up. Gives false when what the
 * folder holds is not in force.
 */
export async function tellMeaning(
  { path, run, isNamed }: PolicyDir,
  context: Context,
  since: number | undefined
): Promise<boolean> {
  const { out, err, stop } = context
  const { isSound, lines } = meaningOf(readPolicyFolder(path), topologyOf(context))
  out('')
  for (const line of lines) out(line)
  if (run === undefined) {
    out(`No running bookstore follows ${path}${isNamed ? '' : '; npm start starts one'}.`)
    return isSound
  }
  if (!isSound) await tellInForce(run, context)
  if (since === undefined || !isSound) return isSound
  const after = await takenUpAfter({ folder: path, run, since }, stop)
  if (after === undefined) err('warning: the running bookbuyer has not taken this up yet; see its page\n')
  else out(`In force after ${formatDuration(after)}.`)
  return after !== undefined
}

async function tellInForce(run: RunFile, { out, stop }: Context): Promise<void> {
  const inForce = await inForceAt(run, stop)
  if (inForce === null) return
  out('It follows until that is mended:')
  for (const line of inForce) out(`  ${line}`)
}
