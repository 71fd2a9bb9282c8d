import { POLICY_KINDS } from '@bookstore/policy'
import type { Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { oneOf, readOptions } from '../options.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** The command that prints completions for the given commands, itself among them. */
export function completionOf(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'a script for your shell that completes commands, options and kinds',
    help: `Usage: bookstore completion bash|zsh|fish

  bash:  source <(npx bookstore completion bash)
  zsh:   source <(npx bookstore completion zsh)
  fish:  npx bookstore completion fish | source

It completes bookstore and npx bookstore.

Exit code: 0 printed, 3 could not run.`,

    async run(args, { out }) {
      const { positionals } = readOptions(args, {}, ['SHELL'])
      const shell = oneOf('SHELL', positionals[0] ?? '', SHELLS)
      out(SCRIPTS[shell](commands()))
      return EXIT.YES
    }
  }
}

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (commands: readonly Command[]) => string>> = {
  bash: bashScript,
  // zsh runs bash's completions
  zsh: commands => `autoload -Uz compinit bashcompinit && compinit && bashcompinit\n${bashScript(commands)}`,
  fish: fishScript
}

const KINDS = POLICY_KINDS.map(({ kind }) => kind.toLowerCase())
const TAKES_KIND = ['get', 'delete']

/** The long options that the help of a command names. */
function optionsOf({ help }: Command): readonly string[] {
  const named = Array.from(help.matchAll(/^ {2}(?:-\w, | {4})(--[\w-]+)/gm), ([, option = '']) => option)
  return [...new Set([...named, '--help'])]
}

function wordsAfter(command: Command): readonly string[] {
  return TAKES_KIND.includes(command.name) ? [...KINDS, ...optionsOf(command)] : optionsOf(command)
}

function bashScript(commands: readonly Command[]): string {
  const cases = commands.map(command => `    ${command.name}) words='${wordsAfter(command).join(' ')}' ;;`)
  return `_bookstore() {
  local words at=1
  [ "\${COMP_WORDS[0]}" = npx ] && at=2
  if [ "$at" = 2 ] && [ "\${COMP_WORDS[1]}" != bookstore ]; then return; fi
  case "$([ "$COMP_CWORD" -gt "$at" ] && echo "\${COMP_WORDS[$at]}")" in
    '') words='${commands.map(({ name }) => name).join(' ')}' ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[$COMP_CWORD]}"))
}
complete -o default -F _bookstore bookstore npx`
}

// fish asks a condition before each completion; both ways of calling share them
const FISH_CONDITIONS = `function __bookstore_words
  set -l words (commandline -opc)
  test "$words[1]" = npx; and set -e words[1]
  test "$words[1]" = bookstore; and printf '%s\\n' $words
end
function __bookstore_at_command
  set -l words (__bookstore_words); and test (count $words) = 1
end
function __bookstore_after
  set -l words (__bookstore_words); and test (count $words) -gt 1; and test $words[2] = $argv[1]
end`

function fishScript(commands: readonly Command[]): string {
  const complete = (condition: string, what: string) => `complete -c bookstore -c npx -n '${condition}' ${what}`
  const lines = commands.flatMap(command => [
    complete('__bookstore_at_command', `-f -a ${command.name} -d '${command.summary.replace(/'/g, "\\'")}'`),
    ...optionsOf(command).map(option => complete(`__bookstore_after ${command.name}`, `-l ${option.slice(2)}`)),
    ...(TAKES_KIND.includes(command.name)
      ? [complete(`__bookstore_after ${command.name}`, `-f -a '${KINDS.join(' ')}'`)]
      : [])
  ])
  return [FISH_CONDITIONS, ...lines].join('\n')
}
