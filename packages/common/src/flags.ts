import { ConfigError } from './config.ts'

/**
 * Command line flags as Go's flag package takes them, because the public manifests were written for it:
 * one or two dashes, the value after `=` or as the next argument
 * (https://pkg.go.dev/flag#hdr-Command_line_flag_syntax).
 * Gives the last value of each flag. `known` lists the flags that take a value.
 * @throws ConfigError for an unknown flag, a flag without its value, or an argument that is no flag
 */
export function parseFlags<const K extends string>(
  argv: readonly string[],
  known: readonly K[]
): Partial<Record<K, string>> {
  const values: Partial<Record<K, string>> = {}
  const faults: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? ''
    const [, name, , inline] = /^--?([^-=][^=]*)(=(.*))?$/s.exec(argument) ?? []
    const flag = known.find(candidate => candidate === name)
    if (flag === undefined) {
      faults.push(`expected a flag of ${known.map(k => `--${k}`).join(', ')}, got "${argument}"`)
      continue
    }
    const value = inline ?? argv[++at]
    if (value === undefined) faults.push(`--${flag}: expected a value, got the end of the line`)
    else values[flag] = value
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return values
}
