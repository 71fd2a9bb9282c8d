// Preloaded into a service: shifts its wall clock by the milliseconds in the file CLOCK_OFFSET_FILE when SIGUSR2 comes.
// The monotonic clock and timers stay as they are, as they do when NTP or a person sets a machine's clock.
import { readFileSync } from 'node:fs'

const file = process.env['CLOCK_OFFSET_FILE'] ?? ''
const RealDate = Date
let offset = 0

const now = () => RealDate.now() + offset
globalThis.Date = new Proxy(RealDate, {
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  construct: (target, args) => Reflect.construct(target, args.length > 0 ? args : [now()]),
  apply: () => new RealDate(now()).toString()
})

process.on('SIGUSR2', () => {
  offset = Number(readFileSync(file, 'utf8'))
})
