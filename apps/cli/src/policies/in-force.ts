import type { Topology } from '@bookstore/contract'
import { describePolicies, formatPolicyError, type PolicyFile, type PolicySet, parsePolicies } from '@bookstore/policy'
import { CommandError } from '../command.ts'

/**
 * The policies that the files declare together.
 * @throws CommandError with a line for each error: file, line, field, what was expected and got; its exit code is the
 * given one, "could not run" without it
 */
export function requirePolicies(files: readonly PolicyFile[], exitCode?: number): PolicySet {
  const { policies, errors } = parsePolicies(files)
  if (errors.length === 0) return policies
  throw new CommandError(errors.map(formatPolicyError).join('\n'), { exitCode })
}

/** What the files mean together, in plain words; or, when one is broken, that the mesh keeps what it had. */
export function meaningOf(
  files: readonly PolicyFile[],
  topology: Topology
): { readonly isSound: boolean; readonly lines: readonly string[] } {
  const { policies, errors } = parsePolicies(files)
  if (errors.length === 0) return { isSound: true, lines: describePolicies({ policies, topology }) }
  const reasons = errors.map(error => `  ${formatPolicyError(error)}`)
  return { isSound: false, lines: ['NOT IN FORCE: the mesh keeps the policies it had, because of:', ...reasons] }
}
