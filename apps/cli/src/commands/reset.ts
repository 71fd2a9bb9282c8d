import { join } from 'node:path'
import type { Command } from '../command.ts'
import { readOptions } from '../options.ts'
import { findPolicyDir } from '../policies/policy-dir.ts'
import { removePolicies, startPolicies } from '../up/data-dir.ts'
import { tellMeaning } from './apply.ts'
import { FIRST_POLICY } from './up.ts'

export const reset: Command = {
  name: 'reset',
  summary: 'take all policies out of the local mesh and start afresh: everybody may reach everybody',
  help: `Usage: bookstore reset [--policy-dir FOLDER]

Removes every policy file of the folder and applies the one that a first start has. Counts and books stay.

      --policy-dir   the folder (default: that of the running bookstore up, else .data/policies)

Exit code: 0 done, 1 this user may not, or it is not in force, 2 a mistake on the command line.`,

  async run(args, context) {
    const { values } = readOptions(args, { 'policy-dir': { type: 'string' } })
    const folder = await findPolicyDir(values['policy-dir'], context)
    const since = Date.now()
    const removed = removePolicies(folder.path)
    startPolicies(folder.path, join(context.root, FIRST_POLICY))
    context.out(`${removed} removed from ${folder.path}`)
    return (await tellMeaning(folder, context, since)) ? 0 : 1
  }
}
