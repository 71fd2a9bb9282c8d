import { PROMISES, type PromiseName } from '@bookstore/contract'
import { UsageError } from '../command.ts'
import { httpUrl, oneOf, parsedBy, readOptions } from '../options.ts'
import { parseDuration } from '../text/duration.ts'
import { SIDECAR_MESHES, type SidecarMesh } from '../verify/quit-sidecar.ts'

const PROVE_OUTPUTS = ['text', 'json', 'junit', 'html'] as const

export type ProveOutput = (typeof PROVE_OUTPUTS)[number]

/** What `bookstore prove` is asked for. */
export interface ProveArguments {
  readonly url: string | undefined
  readonly stores: readonly string[]
  readonly only: readonly PromiseName[]
  /** Files whose policies are to hold, whatever the mesh was told; none: what the buyer says is declared. */
  readonly expected: readonly string[]
  readonly isOutside: boolean
  readonly isBlindAllowed: boolean
  readonly waitMs: number
  readonly sidecar: SidecarMesh | undefined
  readonly output: ProveOutput
}

/** Reads the arguments. @throws UsageError naming the option */
export function readProveArguments(args: readonly string[]): ProveArguments {
  const { values } = readOptions(args, {
    url: { type: 'string' },
    store: { type: 'string', multiple: true },
    only: { type: 'string' },
    filename: { type: 'string', short: 'f', multiple: true },
    'outside-mesh': { type: 'boolean', default: false },
    'allow-unreadable-policies': { type: 'boolean', default: false },
    wait: { type: 'string', default: '0s' },
    'quit-sidecar': { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' }
  })
  const sidecar = values['quit-sidecar']
  const isOutside = values['outside-mesh']
  if (isOutside && (values.store ?? []).length === 0) {
    throw new UsageError(
      '--outside-mesh: expected --store with the address of a store, because the buyer cannot be asked'
    )
  }
  return {
    url: values.url,
    stores: (values.store ?? []).map(url => httpUrl('--store', url)),
    only: promisesOf(values.only),
    expected: values.filename ?? [],
    isOutside,
    isBlindAllowed: values['allow-unreadable-policies'],
    waitMs: parsedBy('--wait', values.wait, parseDuration),
    sidecar: sidecar === undefined ? undefined : oneOf('--quit-sidecar', sidecar, SIDECAR_MESHES),
    output: oneOf('--output', values.output, PROVE_OUTPUTS)
  }
}

function promisesOf(text: string | undefined): readonly PromiseName[] {
  if (text === undefined) return PROMISES
  const names = text.split(',').map(name => name.trim())
  if (names.every(name => name === '')) throw new UsageError('--only: expected names such as retries, got nothing')
  return names.filter(Boolean).map(name => oneOf('--only', name, PROMISES))
}
