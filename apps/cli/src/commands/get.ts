import { parse } from 'yaml'
import { type Command, CommandError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { oneOf, readOptions } from '../options.ts'
import { kindsOf } from '../policies/kind-names.ts'
import { type ListedObject, listObjects } from '../policies/listed-object.ts'
import { findPolicyDir, requireFolder } from '../policies/policy-dir.ts'
import { table } from '../text/table.ts'

export const get: Command = {
  name: 'get',
  summary: 'the policies that are declared in the local mesh, as kubectl get lists them in a cluster',
  help: `Usage: bookstore get [KIND[,KIND...] [NAME ...]] [-n NAMESPACE] [-o table|name|yaml|json] [--policy-dir FOLDER]

Lists what was applied. What it means, and whether it is in force, say bookstore policies and bookstore analyze.

  KIND               such as trafficsplit, trafficsplits or trafficsplit,traffictarget; all kinds without it, or with all
  -n, --namespace    only this namespace (default: all)
      --policy-dir   the folder (default: that of the running bookstore up, else .data/policies)
  -o, --output       table (default), name, yaml or json

Exit code: 0 listed, 1 what was named is not there, 3 could not run.`,

  async run(args, context) {
    const { values, positionals } = readOptions(
      args,
      {
        namespace: { type: 'string', short: 'n' },
        'policy-dir': { type: 'string' },
        output: { type: 'string', short: 'o', default: 'table' }
      },
      'any'
    )
    const output = oneOf('--output', values.output, ['table', 'name', 'yaml', 'json'])
    const [kindText, ...names] = positionals
    const kinds = kindsOf(kindText)
    const folder = await findPolicyDir(values['policy-dir'], context)
    requireFolder(folder)
    const { path } = folder
    const all = listObjects(path).filter(
      object =>
        (kinds === undefined || kinds.has(object.kind)) && (values.namespace ?? object.namespace) === object.namespace
    )
    const missing = names.filter(name => !all.some(object => object.name === name))
    if (missing.length > 0) {
      throw new CommandError(`${kindText}: expected ${missing.join(', ')} in ${path}, got none`, { exitCode: EXIT.NO })
    }
    const found = all.filter(({ name }) => names.length === 0 || names.includes(name))
    if (found.length === 0 && output === 'table') context.err(`${nothing(kindText, values.namespace)} in ${path}\n`)
    else context.out(FORMATS[output](found, names.length === 1))
    return EXIT.YES
  }
}

function nothing(kind: string | undefined, namespace: string | undefined): string {
  const what = kind === undefined ? 'nothing' : `no ${kind}`
  return namespace === undefined ? `${what} is declared` : `${what} of namespace ${namespace} is declared`
}

type Format = (objects: readonly ListedObject[], isOne: boolean) => string

const FORMATS: Readonly<Record<'table' | 'name' | 'yaml' | 'json', Format>> = {
  table: objects =>
    table(
      ['NAMESPACE', 'KIND', 'NAME', 'FILE'],
      objects.map(({ namespace, kind, name, file }) => [namespace, kind, name, file])
    ),
  name: objects => objects.map(({ resource, name }) => `${resource}/${name}`).join('\n'),
  yaml: objects => objects.map(({ text }) => text.trimEnd()).join('\n---\n'),
  // as kubectl does: one that was named by itself, else a list
  json: (objects, isOne) => {
    const items = objects.map(({ text }) => parse(text))
    return JSON.stringify(isOne && items.length === 1 ? items[0] : { apiVersion: 'v1', kind: 'List', items }, null, 2)
  }
}
