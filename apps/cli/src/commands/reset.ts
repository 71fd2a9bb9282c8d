import { join } from 'node:path'
import { type Command, CommandError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readOptions } from '../options.ts'
import { dataDirOf, findPolicyDir } from '../policies/policy-dir.ts'
import { removePolicies, startPolicies } from '../up/data-dir.ts'
import { tellMeaning } from './apply.ts'
import { FIRST_POLICY } from './up.ts'

export const reset: Command = {
  name: 'reset',
  summary: 'take all policies out of the local mesh and start afresh: everybody may reach everybody',
  help: `Usage: bookstore reset

Removes every policy file of .data/policies and applies the one that a first start has. Counts and books stay.
A folder of your own (POLICY_DIR) is never emptied.

Exit code: 0 done, 1 refused or not in force, 3 could not run.`,

  async run(args, context) {
    readOptions(args, {})
    const folder = await findPolicyDir(undefined, context)
    const ours = join(dataDirOf(context), 'policies')
    if (folder.path !== ours)
      throw new CommandError(
        `${folder.path} is a folder of your own and is not emptied; delete its policies yourself`,
        { exitCode: EXIT.NO }
      )
    const since = Date.now()
    const removed = removePolicies(folder.path)
    startPolicies(folder.path, join(context.root, FIRST_POLICY))
    context.out(`${removed} removed from ${folder.path}`)
    return (await tellMeaning(folder, context, since)) ? EXIT.YES : EXIT.NO
  }
}
