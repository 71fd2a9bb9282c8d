// `node scripts/run.mjs FILE ARGUMENTS`: runs a TypeScript file under the project's Node.
import './lib/require-node.mjs'

if (process.argv.length < 3) {
  process.stderr.write('expected the file to run: node scripts/run.mjs FILE [ARGUMENTS]\n')
  process.exit(2)
}
import('./lib/launch.mjs').then(({ launch, stopWithParent }) =>
  launch([...stopWithParent, ...process.argv.slice(2)], { cwd: process.cwd() })
)
