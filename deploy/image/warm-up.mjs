// Starts each program of the image, so that the image has what Node makes of the programs' code (docs/performance.md):
// node warm-up.mjs FOLDER, the one with bookbuyer, bookstore, … in it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [, , folder] = process.argv
const work = await mkdtemp(join(tmpdir(), 'bookstore-warm-up-'))
const STARTS = [
  ['bookbuyer', {}],
  ['bookthief', {}],
  ['bookstore', { IDENTITY: 'bookstore-v1' }],
  ['bookstore', { IDENTITY: 'bookstore-v1', OUTBOX_DIR: join(work, 'outbox') }],
  ['bookwarehouse', { DATABASE_URL: `sqlite:${join(work, 'stock.db')}` }],
  // nobody answers there: that is told, and tried again
  ['bookwarehouse', { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/nothing' }],
  ['bookstore', { IDENTITY: 'bookstore-v1', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }]
]
const SETTINGS = {
  HOST: '127.0.0.1',
  METRICS_PORT: '0',
  BOOKSTORE_URL: 'http://127.0.0.1:1',
  BOOKWAREHOUSE_URL: 'http://127.0.0.1:1'
}

for (const [program, env] of STARTS) {
  const child = fork(join(folder, program), ['--port', '0'], {
    execArgv: ['--require', fileURLToPath(new URL('save-compiled.cjs', import.meta.url))],
    env: { ...SETTINGS, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const exited = once(child, 'exit')
  // true for what it tells, and false for its end
  const told = () => Promise.race([once(child, 'message').then(() => true), exited.then(() => false)])
  const isListening = await told()
  if (isListening) child.send('save')
  if (isListening && (await told())) child.kill('SIGTERM')
  const [code] = await exited
  if (code === 0) continue
  process.stderr.write(`${program} ended with ${code} ${isListening ? 'after' : 'before'} it listened\n`)
  process.exitCode = 1
}
await rm(work, { recursive: true })
