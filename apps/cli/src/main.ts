import { runCli } from './cli.ts'
import { findRoot } from './root.ts'
import { createStop } from './stop.ts'

// `bookstore timeline | head` closes the pipe early, which is no fault
process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  root: findRoot(import.meta.dirname) ?? process.cwd(),
  stop: createStop(process),
  isTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns || Number.POSITIVE_INFINITY,
  input: process.stdin,
  out: line => process.stdout.write(`${line}\n`),
  err: text => process.stderr.write(text)
}).then(code => {
  process.exitCode = code
})
