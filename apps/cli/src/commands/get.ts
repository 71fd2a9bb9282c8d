import { parse } from 'yaml'
import { type Command, CommandError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { oneOf, readOptions } from '../options.ts'
import { kindOf } from '../policies/kind-names.ts'
import { type ListedObject, listObjects } from '../policies/listed-object.ts'
import { findPolicyDir } from '../policies/policy-dir.ts'
import { table } from '../text/table.ts'

export const get: Command = {
  name: 'get',
  summary: 'the policies that are declared in the local mesh, as kubectl get lists them in a cluster',
  help: `Usage: bookstore get [KIND [NAME ...]] [-n NAMESPACE] [-o table|name|yaml|json] [--policy-dir FOLDER]

Lists what was applied. What it means, and whether it is in force, say bookstore policies and bookstore analyze.

  KIND               such as trafficsplit or trafficsplits; all kinds without it
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
    const kind = kindText === undefined ? undefined : kindOf(kindText).kind
    const { path } = await findPolicyDir(values['policy-dir'], context)
    const all = listObjects(path).filter(
      object =>
        (kind === undefined || object.kind === kind) && (values.namespace ?? object.namespace) === object.namespace
    )
    const missing = names.filter(name => !all.some(object => object.name === name))
    if (missing.length > 0) {
      throw new CommandError(`${kindText}: expected ${missing.join(', ')} in ${path}, got none`, { exitCode: EXIT.NO })
    }
    const found = all.filter(({ name }) => names.length === 0 || names.includes(name))
    if (found.length === 0 && output === 'table') context.err(`nothing is declared in ${path}\n`)
    else context.out(FORMATS[output](found))
    return EXIT.YES
  }
}

const FORMATS: Readonly<Record<'table' | 'name' | 'yaml' | 'json', (objects: readonly ListedObject[]) => string>> = {
  table: objects =>
    table(
      ['NAMESPACE', 'KIND', 'NAME', 'FILE'],
      objects.map(({ namespace, kind, name, file }) => [namespace, kind, name, file])
    ),
  name: objects => objects.map(({ resource, name }) => `${resource}/${name}`).join('\n'),
  yaml: objects => objects.map(({ text }) => text.trimEnd()).join('\n---\n'),
  json: objects =>
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.map(({ text }) => parse(text)) }, null, 2)
}
