import { parseExpectation, parseVersionSource, type VersionSource } from '@bookstore/contract'
import { UsageError } from '../command.ts'
import { httpUrl, numberBetween, oneOf, parsedBy, readOptions, wholeNumber } from '../options.ts'
import { parseDuration } from '../text/duration.ts'
import { SIDECAR_MESHES, type SidecarMesh } from './quit-sidecar.ts'
import type { Output } from './report.ts'
import type { ServiceOptions } from './service.ts'
import type { RequestedChecks } from './terms.ts'

/** What `bookstore verify` is asked for. */
export interface VerifyArguments {
  readonly url: string | undefined
  /** Buyers that are judged together; none when `url` says who is judged. */
  readonly buyers: readonly string[]
  readonly timeoutMs: number
  readonly waitMs: number
  readonly output: Output
  readonly requested: RequestedChecks
  readonly sidecar: SidecarMesh | undefined
  readonly isBlindAllowed: boolean
  /** Any HTTP service that is asked instead of a shopper. */
  readonly service:
    | Pick<ServiceOptions, 'source' | 'expect' | 'ranges' | 'alpha' | 'tolerance' | 'concurrency'>
    | undefined
}

/** Reads the arguments. @throws UsageError naming the option */
export function readVerifyArguments(args: readonly string[]): VerifyArguments {
  const { values } = readOptions(args, {
    url: { type: 'string' },
    buyer: { type: 'string', multiple: true },
    expect: { type: 'string' },
    'expect-access': { type: 'string' },
    tolerance: { type: 'string' },
    alpha: { type: 'string' },
    timeout: { type: 'string', default: '60s' },
    burst: { type: 'string' },
    wait: { type: 'string', default: '0s' },
    'allow-unreadable-policies': { type: 'boolean', default: false },
    'version-header': { type: 'string' },
    'version-field': { type: 'string' },
    concurrency: { type: 'string' },
    'quit-sidecar': { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' }
  })
  const { expect, 'expect-access': access, tolerance, alpha, burst } = values
  const sidecar = values['quit-sidecar']
  const requested: RequestedChecks = {
    ...expectationOf(expect),
    expectAccess: access === undefined ? undefined : oneOf('--expect-access', access, ['allowed', 'denied']),
    tolerance: tolerance === undefined ? undefined : numberBetween('--tolerance', tolerance, 0, 100) / 100,
    alpha: alpha === undefined ? undefined : numberBetween('--alpha', alpha, 0, 0.5),
    burst: burst === undefined ? 0 : wholeNumber('--burst', burst, 1, 10_000)
  }
  return {
    url: values.url,
    buyers: buyersOf(values.buyer, values, requested),
    isBlindAllowed: values['allow-unreadable-policies'],
    timeoutMs: parsedBy('--timeout', values.timeout, parseDuration),
    waitMs: parsedBy('--wait', values.wait, parseDuration),
    sidecar: sidecar === undefined ? undefined : oneOf('--quit-sidecar', sidecar, SIDECAR_MESHES),
    output: oneOf('--output', values.output, ['text', 'json', 'junit']),
    requested,
    service: serviceOf(values, requested)
  }
}

function buyersOf(
  buyers: readonly string[] = [],
  { url, 'version-header': header, 'version-field': field }: Readonly<Record<string, unknown>>,
  { expect, expectAccess, tolerance, alpha }: RequestedChecks
): readonly string[] {
  const named = buyers.map(buyer => httpUrl('--buyer', buyer))
  const others = [url, header, field, expect, expectAccess, tolerance, alpha]
  if (named.length > 0 && others.some(value => value !== undefined)) {
    throw new UsageError(
      '--buyer judges by what the buyers themselves expect; it goes with --wait, --burst, --timeout and --output only'
    )
  }
  return named
}

function expectationOf(text: string | undefined): Pick<RequestedChecks, 'expect' | 'ranges'> {
  if (text === undefined) return { expect: undefined, ranges: undefined }
  const { split, ranges } = parsedBy('--expect', text, parseExpectation)
  return { expect: split, ranges }
}

function serviceOf(
  values: { 'version-header'?: string; 'version-field'?: string; url?: string; concurrency?: string },
  { expect, ranges, alpha, tolerance, expectAccess, burst }: RequestedChecks
): VerifyArguments['service'] {
  const { 'version-header': header, 'version-field': field } = values
  if (header === undefined && field === undefined) {
    if (values.concurrency === undefined) return undefined
    throw new UsageError(
      '--concurrency is for a service with --version-header or --version-field; a shopper has its own'
    )
  }
  if (header !== undefined && field !== undefined) {
    throw new UsageError('expected --version-header or --version-field, got both')
  }
  if (values.url === undefined) throw new UsageError('expected --url with the address of the service')
  if (expect === undefined) throw new UsageError('expected --expect, such as --expect stable=90,canary=10')
  if (expectAccess !== undefined || burst > 0) {
    throw new UsageError('--expect-access and --burst are for a shopper, not for a service that is asked directly')
  }
  const source = header === undefined ? sourceIn('field', field ?? '') : sourceIn('header', header)
  const concurrency = wholeNumber('--concurrency', values.concurrency ?? '8', 1, 64)
  return { source, expect, ranges, alpha, tolerance, concurrency }
}

function sourceIn(place: 'header' | 'field', name: string): VersionSource {
  try {
    return parseVersionSource(`${place}:${name}`)
  } catch (cause) {
    const expected = { header: 'the name of a header, such as x-version', field: 'a path, such as app.version' }[place]
    throw new UsageError(`--version-${place}: expected ${expected}, got "${name}"`, { cause })
  }
}
