#!/usr/bin/env node
// `npx bookstore …`: the CLI under the project's own Node. Plain JavaScript, because the Node that runs it may be an
// older one.
import '../../../scripts/lib/require-node.mjs'

import('../../../scripts/lib/launch.mjs').then(({ launch, root }) =>
  launch([`${root}/apps/cli/src/main.ts`, ...process.argv.slice(2)], { cwd: process.cwd() })
)
