import cliPackage from '../../package.json' with { type: 'json' }
import type { Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { oneOf, readOptions } from '../options.ts'

export const version: Command = {
  name: 'version',
  summary: 'the version of the bookstore and of the Node that runs it',
  help: `Usage: bookstore version [-o text|json]

  -o, --output   text (default) or json

Exit code: 0 printed, 3 could not run.`,

  async run(args, { out }) {
    const { values } = readOptions(args, { output: { type: 'string', short: 'o', default: 'text' } })
    const output = oneOf('--output', values.output, ['text', 'json'])
    const found = { bookstore: cliPackage.version, node: process.versions.node }
    out(output === 'json' ? JSON.stringify(found, null, 2) : `bookstore ${found.bookstore}, Node ${found.node}`)
    return EXIT.YES
  }
}
