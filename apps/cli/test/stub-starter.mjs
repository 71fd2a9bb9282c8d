// Starts two stubs as a fleet and tells their process ids, so that a test can kill it and look who is left.
import { fileURLToPath } from 'node:url'
import { startFleet } from '../src/up/fleet.ts'

const folder = process.argv[2]
const specs = ['a', 'b'].map(name => ({
  name,
  url: 'http://127.0.0.1:1',
  args: [fileURLToPath(new URL('./stub-service.mjs', import.meta.url))],
  env: process.env,
  logFile: `${folder}/${name}.log`,
  stopRound: 0
}))
const fleet = startFleet(specs)
await fleet.listening
process.send({ pids: Object.values(fleet.pids) })
