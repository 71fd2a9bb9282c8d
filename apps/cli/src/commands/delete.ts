import { formatPolicyError, splitIntoObjects } from '@bookstore/policy'
import { type Command, CommandError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readOptions } from '../options.ts'
import { inNamespace } from '../policies/named-object.ts'
import { findPolicyDir } from '../policies/policy-dir.ts'
import { removeObject } from '../policies/policy-folder.ts'
import { readSources } from '../policies/policy-sources.ts'
import { tellMeaning } from './apply.ts'

export const deletePolicies: Command = {
  name: 'delete',
  summary: 'take policies out of the local mesh',
  help: `Usage: bookstore delete [-f] FILE|FOLDER|- ... [-n NAMESPACE] [--policy-dir FOLDER]

Takes the objects that the files name out of the policy folder and says what is left.

  -f, --filename     a file, a folder of files, or - for standard input; may be repeated
  -n, --namespace    namespace of objects that name none (default: default)
      --policy-dir   the folder (default: that of the running bookstore up, else .data/policies)
      --ignore-not-found   objects that are not there are no fault

Exit code: 0 deleted, 1 one of them was not there, or what is left is not in force, 3 could not run.`,

  async run(args, context) {
    const { values, positionals } = readOptions(
      args,
      {
        filename: { type: 'string', short: 'f', multiple: true },
        namespace: { type: 'string', short: 'n' },
        'policy-dir': { type: 'string' },
        'ignore-not-found': { type: 'boolean', default: false }
      },
      'any'
    )
    const sources = await readSources([...(values.filename ?? []), ...positionals], context)
    const files = sources.map(splitIntoObjects)
    const errors = files.flatMap(file => file.errors)
    if (errors.length > 0) throw new CommandError(errors.map(formatPolicyError).join('\n'), { exitCode: EXIT.NO })
    const objects = files.flatMap(file => file.objects).map(object => inNamespace(object, values.namespace))
    const folder = await findPolicyDir(values['policy-dir'], context)
    const since = Date.now()
    const removed = objects.filter(({ key, resource, name }) => {
      const found = removeObject(folder.path, key)
      if (found) context.out(`${resource} "${name}" deleted`)
      else if (!values['ignore-not-found']) context.err(`${resource} "${name}" not found\n`)
      return found
    })
    const isInForce = await tellMeaning(folder, context, removed.length > 0 ? since : undefined)
    return isInForce && (removed.length === objects.length || values['ignore-not-found']) ? EXIT.YES : EXIT.NO
  }
}
