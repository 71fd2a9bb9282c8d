// `npm run docs`: writes docs/cli.md, which a test compares with the commands.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMANDS } from './cli.ts'
import { cliPage } from './cli-page.ts'
import { findRoot } from './root.ts'

writeFileSync(join(findRoot(import.meta.dirname) ?? process.cwd(), 'docs', 'cli.md'), cliPage(COMMANDS))
