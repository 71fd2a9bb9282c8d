import { inspect } from 'node:util'
import { ApplyError } from '@bookstore/local-mesh'
import cliPackage from '../package.json' with { type: 'json' }
import { type Command, CommandError, type Context, UsageError } from './command.ts'
import { access } from './commands/access.ts'
import { analyze } from './commands/analyze.ts'
import { apply } from './commands/apply.ts'
import { check } from './commands/check.ts'
import { completionOf } from './commands/completion.ts'
import { deletePolicies } from './commands/delete.ts'
import { explainRequest } from './commands/explain.ts'
import { get } from './commands/get.ts'
import { migration } from './commands/migration.ts'
import { policies } from './commands/policies.ts'
import { prove } from './commands/prove.ts'
import { reconcile } from './commands/reconcile.ts'
import { reset } from './commands/reset.ts'
import { timeline } from './commands/timeline.ts'
import { translate } from './commands/translate.ts'
import { up } from './commands/up.ts'
import { verdict } from './commands/verdict.ts'
import { verify } from './commands/verify.ts'
import { version } from './commands/version.ts'
import { EXIT } from './exit-codes.ts'
import { didYouMean } from './text/nearest.ts'
import { columns } from './text/table.ts'

/** Every command, in the order of the overview. */
export const COMMANDS: readonly Command[] = [
  up,
  check,
  verify,
  prove,
  verdict,
  timeline,
  migration,
  access,
  reconcile,
  apply,
  get,
  deletePolicies,
  reset,
  policies,
  analyze,
  explainRequest,
  translate,
  version,
  completionOf(() => COMMANDS)
]

/** Runs the command that the arguments name and gives the exit code; what goes wrong is said on standard error. */
export async function runCli(args: readonly string[], context: Context): Promise<number> {
  const [name = '--help', ...rest] = args
  if (name === '--help' || name === '-h' || name === 'help') return helpOn(rest[0], context)
  if (name === '--version' || name === '-V') {
    context.out(cliPackage.version)
    return EXIT.YES
  }
  const command = COMMANDS.find(candidate => candidate.name === name)
  if (command === undefined) return unknownCommand(name, context)
  if (isHelpAsked(rest)) return helpOn(name, context)
  return runCommand(command, rest, context)
}

async function runCommand(command: Command, args: readonly string[], context: Context): Promise<number> {
  try {
    return await command.run(args, context)
  } catch (error) {
    if (context.stop.aborted && isAbort(error)) return EXIT.INTERRUPTED
    if (error instanceof UsageError) {
      context.err(`bookstore ${command.name}: ${error.message}\n`)
      context.err(`see: bookstore ${command.name} --help\n`)
      return EXIT.COULD_NOT_RUN
    }
    if (error instanceof ApplyError) {
      context.err(`${error.message}${error.fault === 'no-access' ? '; give another folder with --policy-dir' : ''}\n`)
      return error.fault === 'refused' ? EXIT.NO : EXIT.COULD_NOT_RUN
    }
    // a fault of ours is no answer either: Node would end with 1, which means "no"
    if (!(error instanceof CommandError)) {
      context.err(`bookstore ${command.name}: an error of the bookstore itself: ${inspect(error)}\n`)
      return EXIT.COULD_NOT_RUN
    }
    context.err(`${error.message}\n`)
    return error.exitCode
  }
}

function helpOn(name: string | undefined, context: Context): number {
  if (name === undefined) {
    context.out(overview())
    return 0
  }
  const command = COMMANDS.find(candidate => candidate.name === name)
  if (command === undefined) return unknownCommand(name, context)
  context.out(command.help)
  return 0
}

function overview(): string {
  const rows = COMMANDS.map(({ name, summary }) => [`  ${name}`, summary])
  return `bookstore: prove that a service mesh does what was declared

Usage: bookstore COMMAND [OPTIONS]

${columns(rows)}

bookstore COMMAND --help tells more.
Exit code of every command: 0 yes, 1 no, 2 not decided yet, 3 could not run, 130 stopped by the keyboard.`
}

function unknownCommand(name: string, context: Context): number {
  const known = COMMANDS.map(command => command.name).join(', ')
  context.err(
    `bookstore: expected a command of ${known}, got "${name}"${didYouMean(
      name,
      COMMANDS.map(command => command.name)
    )}\n`
  )
  return EXIT.COULD_NOT_RUN
}

function isHelpAsked(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  const options = end < 0 ? args : args.slice(0, end)
  return options.includes('--help') || options.includes('-h')
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}
