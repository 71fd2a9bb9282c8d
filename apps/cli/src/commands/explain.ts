import { readPolicyFolder } from '@bookstore/local-mesh'
import { explain } from '@bookstore/policy'
import { type Command, UsageError } from '../command.ts'
import { oneOf, readOptions } from '../options.ts'
import { requirePolicies } from '../policies/in-force.ts'
import { findPolicyDir, requireFolder, topologyOf } from '../policies/policy-dir.ts'

export const explainRequest: Command = {
  name: 'explain',
  summary: 'whether the policies allow one request, and which rule says so',
  help: `Usage: bookstore explain SOURCE DESTINATION METHOD PATH [-H 'name: value'] [--policy-dir FOLDER] [--output text|json]

Example: bookstore explain bookthief bookstore-v1 GET /buy-a-book/new

  SOURCE             bookbuyer, bookthief, bookstore-v1, bookstore-v2, bookwarehouse
  DESTINATION        one of these, or the service bookstore for all that stand behind it
  -H, --header       a header of the request, instead of those that the source really sends; may be repeated
      --policy-dir   the folder (default: that of the running bookstore up, else .data/policies)
  -o, --output       text (default) or json

Exit code: 0 allowed everywhere, 1 denied somewhere, 3 could not run, such as policies that cannot be read.`,

  async run(args, context) {
    const { values, positionals } = readOptions(
      args,
      {
        header: { type: 'string', short: 'H', multiple: true },
        'policy-dir': { type: 'string' },
        output: { type: 'string', short: 'o', default: 'text' }
      },
      ['SOURCE', 'DESTINATION', 'METHOD', 'PATH']
    )
    const output = oneOf('--output', values.output, ['text', 'json'])
    const [source = '', destination = '', method = '', path = ''] = positionals
    if (!path.startsWith('/')) throw new UsageError(`expected a path such as /books-bought, got "${path}"`)
    const folder = await findPolicyDir(values['policy-dir'], context)
    requireFolder(folder)
    const policies = requirePolicies(readPolicyFolder(folder.path))
    const headers = values.header && Object.fromEntries(values.header.map(readHeader))
    const question = { source, destination, method, path, ...(headers && { headers }) }
    const { answers, lines } = answered(() => explain({ policies, topology: topologyOf(context) }, question))
    if (output === 'json') context.out(JSON.stringify({ ...question, answers }, null, 2))
    else for (const line of lines) context.out(line)
    return answers.every(({ access }) => access.allowed) ? 0 : 1
  }
}

function readHeader(text: string): [string, string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw new UsageError(`--header: expected 'name: value', got "${text}"`)
  }
  return [name.toLowerCase(), value]
}

// explain lists the names it knows when it is asked about another
function answered<T>(ask: () => T): T {
  try {
    return ask()
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error })
    throw error
  }
}
