// `node scripts/tool.mjs NAME ...`: a development tool of the project under the project's own Node. Plain JavaScript,
// because it runs before anything is installed.
import './lib/require-node.mjs'

const [name, ...args] = process.argv.slice(2)

import('./lib/launch.mjs').then(({ launch, programOf }) => launch(() => [programOf(name), ...args]))
