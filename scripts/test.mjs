// `npm test`: the whole suite; what follows `--` goes to the runner. Plain JavaScript, because it runs before anything
// is installed.
import './lib/require-node.mjs'

import('./lib/launch.mjs').then(({ launch, stopWithParent }) =>
  launch([...stopWithParent, 'node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)])
)
