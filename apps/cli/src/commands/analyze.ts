import { filesOf, inNamespace, readPolicyFolder } from '@bookstore/local-mesh'
import { formatPolicyError, type PolicyFile, parsePolicies, policyWarnings, splitIntoObjects } from '@bookstore/policy'
import { type Command, CommandError, type Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { oneOf, readOptions } from '../options.ts'
import { findPolicyDir, requireFolder, topologyOf } from '../policies/policy-dir.ts'
import { readSources } from '../policies/policy-sources.ts'
import { SOURCE_HELP, SOURCE_OPTIONS } from '../policies/source-options.ts'

export const analyze: Command = {
  name: 'analyze',
  summary: 'errors of policies, and what they declare that will not do what it looks like; applies nothing',
  help: `Usage: bookstore analyze [[-f] FILE|FOLDER|- ...] [-R] [-n NAMESPACE] [--alone] [-o text|json]

Without files it looks at what is declared. With files it looks at what would be declared after an apply, and
with --alone at the files only. Fields that are known and not judged, such as the corsPolicy of a
VirtualService, are warnings; others that are not known are errors.

${SOURCE_HELP}
      --alone        leave out what is declared already
  -o, --output       text (default) or json

Exit code: 0 no errors, 1 errors, 3 could not run.`,

  async run(args, context) {
    const { values, positionals } = readOptions(
      args,
      {
        ...SOURCE_OPTIONS,
        alone: { type: 'boolean', default: false },
        output: { type: 'string', short: 'o', default: 'text' }
      },
      'any'
    )
    const output = oneOf('--output', values.output, ['text', 'json'])
    const folder = await findPolicyDir(values['policy-dir'], context)
    requireFolder(folder)
    const declared = values.alone ? [] : readPolicyFolder(folder.path)
    const names = [...(values.filename ?? []), ...positionals]
    const sources = names.length === 0 ? [] : await readSources(names, context, { isRecursive: values.recursive })
    if (sources.length > 0 && sources.every(hasNothing))
      throw new CommandError(`${sources[0]?.name}: expected a policy, got none`, { exitCode: EXIT.NO })
    const files = filesOf(declared, sources, object => inNamespace(object, values.namespace))
    const findings = analysed(files, context)
    const isSound = findings.every(({ level }) => level !== 'error')
    if (output === 'json') context.out(JSON.stringify(findings, null, 2))
    else tell(findings, files.length, context)
    return isSound ? EXIT.YES : EXIT.NO
  }
}

function hasNothing(file: PolicyFile): boolean {
  const { objects, errors } = splitIntoObjects(file)
  return objects.length === 0 && errors.length === 0
}

interface Finding {
  readonly level: 'error' | 'warning'
  readonly message: string
}

// what a broken set means cannot be said, so that it has no warnings
function analysed(files: Parameters<typeof parsePolicies>[0], context: Context): readonly Finding[] {
  const { policies, errors } = parsePolicies(files)
  const found = errors.map(error => ({ level: 'error' as const, message: formatPolicyError(error) }))
  if (found.length > 0) return found
  const warnings = policyWarnings({ policies, topology: topologyOf(context) })
  return warnings.map(message => ({ level: 'warning', message }))
}

function tell(findings: readonly Finding[], files: number, { out }: Context): void {
  for (const { level, message } of findings) out(`${level}: ${message}`)
  const looked = `${files} ${files === 1 ? 'file' : 'files'} looked at`
  out(findings.length === 0 ? `Nothing to complain of: ${looked}.` : `${looked}.`)
}
