import { kubectl } from '../mesh/command.ts'

/** A second of the script's own clock: what a curl loop beside the shopper met in it. */
export interface WitnessSecond {
  readonly second: number
  readonly ok: number
  readonly proven: number
  readonly tries: number
}

const REQUEST = 'http://bookstore.bookstore.svc.cluster.local:14001/buy-a-book/new'

/**
 * Puts a container with curl into a shopper's pod: it buys by itself, beside the shopper and as the same account, and
 * writes each answer with the time into the volume of the record.
 */
export async function addWitness(
  shopper: string,
  image: string,
  { everyMs }: { readonly everyMs: number }
): Promise<void> {
  const format = '%{http_code} %header{bookstore-client-identity}'
  const uptime = 'read up rest < /proc/uptime'
  // the first process of a container hears no signal that it does not ask for
  const stop = "trap 'exit 0' TERM"
  const buy = `a=$(curl -s -m 2 -o /dev/null -w '${format}' ${REQUEST})`
  const loop = `while :; do ${buy}; ${uptime}; echo "$up $a" >> /state/witness.log; sleep ${everyMs / 1000}; done`
  // a small image may have its date only within busybox, in whole seconds: the turn of one tells the rest
  const date = '$(date +%s 2>/dev/null || busybox date +%s)'
  const turn = `first=${date}; now=$first; while [ "$now" = "$first" ]; do now=${date}; done; ${uptime}`
  const start = `${turn}; echo "boot $now $up" >> /state/witness.log`
  const container = {
    name: 'witness',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/sh', '-c', `${stop}; ${start}; ${loop}`],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] }
    },
    volumeMounts: [{ name: 'state', mountPath: '/state' }]
  }
  const patch = { spec: { template: { spec: { containers: [container] } } } }
  await kubectl('-n', shopper, 'patch', 'deployment', shopper, '-p', JSON.stringify(patch))
}

/** What the witness of a shopper wrote, by seconds since the epoch. */
export async function readWitness(shopper: string): Promise<readonly WitnessSecond[]> {
  const log = await kubectl(
    '-n',
    shopper,
    'exec',
    `deployment/${shopper}`,
    '-c',
    'witness',
    '--',
    'cat',
    '/state/witness.log'
  )
  return secondsOf(log)
}

function secondsOf(log: string): readonly WitnessSecond[] {
  const seconds = new Map<number, WitnessSecond>()
  let offset = 0
  for (const line of log.split('\n')) {
    const [first = '', second = '', third = ''] = line.split(' ')
    // uptime has hundredths where a small shell's date has seconds only
    if (first === 'boot') offset = Number(second) - Number(third)
    else if (first !== '') {
      const at = Math.floor(Number(first) + offset)
      const known = seconds.get(at) ?? { second: at, ok: 0, proven: 0, tries: 0 }
      const isOk = second === '200'
      const isProven = isOk && third !== ''
      seconds.set(at, {
        second: at,
        ok: known.ok + Number(isOk),
        proven: known.proven + Number(isProven),
        tries: known.tries + 1
      })
    }
  }
  return [...seconds.values()].sort((left, right) => left.second - right.second)
}
