// `npm start`: everything on this machine. Plain JavaScript, because it runs before anything is installed.
import './lib/require-node.mjs'

import('./lib/launch.mjs').then(({ launch }) => launch(['apps/cli/src/main.ts', 'up', ...process.argv.slice(2)]))
