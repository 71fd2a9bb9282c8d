import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { inNamespace, type NamedObject, removeObject } from '@bookstore/local-mesh'
import { formatPolicyError, splitIntoObjects } from '@bookstore/policy'
import { type Command, CommandError, type Context, UsageError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readOptions } from '../options.ts'
import { findKind, kindOf } from '../policies/kind-names.ts'
import { listObjects } from '../policies/listed-object.ts'
import { findPolicyDir } from '../policies/policy-dir.ts'
import { readSources } from '../policies/policy-sources.ts'
import { SOURCE_HELP, SOURCE_OPTIONS } from '../policies/source-options.ts'
import { tellMeaning } from './apply.ts'

export const deletePolicies: Command = {
  name: 'delete',
  summary: 'take policies out of the local mesh',
  help: `Usage: bookstore delete [-f] FILE|FOLDER|- ... [-R] [-n NAMESPACE]
       bookstore delete KIND NAME ... [-n NAMESPACE]

Takes the objects that the files or the line name out of the policy folder and says what is left. Without -n,
a KIND NAME is looked for in every namespace, and must be in one of them only.

${SOURCE_HELP}
      --ignore-not-found   objects that are not there are no fault

Exit code: 0 deleted, 1 one of them was not there, or what is left is not in force, 3 could not run.`,

  async run(args, context) {
    const { values, positionals } = readOptions(
      args,
      {
        ...SOURCE_OPTIONS,
        'ignore-not-found': { type: 'boolean', default: false }
      },
      'any'
    )
    const folder = await findPolicyDir(values['policy-dir'], context)
    const [kind, ...names] = values.filename === undefined ? kindAndNames(positionals, context.cwd) : []
    const objects =
      kind === undefined
        ? await objectsOfFiles([...(values.filename ?? []), ...positionals], values, context)
        : names.map(name => namedObject(folder.path, kind, name, values.namespace))
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

// a file of that name is what is meant, as with kubectl a path is never a kind
function kindAndNames(words: readonly string[], cwd: string): readonly string[] {
  const [first = '', ...names] = words
  if (!/^[A-Za-z]+(\.[a-z.]+)?$/.test(first) || existsSync(resolve(cwd, first))) return []
  // a word and a further one that is no path either is KIND NAME, also when we do not know the kind
  if (findKind(first) === undefined && !(/^[A-Za-z]+$/.test(first) && names.length > 0)) return []
  if (names.length === 0) throw new UsageError(`expected the name of a ${first}, got the end of the line`)
  return words
}

async function objectsOfFiles(
  names: readonly string[],
  { namespace, recursive }: { readonly namespace?: string | undefined; readonly recursive: boolean },
  context: Context
): Promise<readonly NamedObject[]> {
  const sources = await readSources(names, context, { isRecursive: recursive })
  const files = sources.map(splitIntoObjects)
  const errors = files.flatMap(file => file.errors)
  if (errors.length > 0) throw new CommandError(errors.map(formatPolicyError).join('\n'), { exitCode: EXIT.NO })
  return files.flatMap(file => file.objects).map(object => inNamespace(object, namespace))
}

/** The object of that name in the folder; one that is in no file, to be reported as not found, where there is none. */
function namedObject(folder: string, kindText: string, name: string, namespace: string | undefined): NamedObject {
  const kind = kindOf(kindText)
  const found = listObjects(folder).filter(
    object => object.kind === kind.kind && object.name === name && (namespace ?? object.namespace) === object.namespace
  )
  const [only] = found
  if (found.length > 1) {
    const namespaces = found.map(object => object.namespace).join(' and ')
    throw new CommandError(`${kind.kind} ${name}: expected it once, got it in ${namespaces}; say which with -n`)
  }
  return only ?? { key: '', text: '', resource: `${kind.kind.toLowerCase()}.${kind.group}`, name }
}
