import type { Headers } from './headers.ts'
import { BOOKSTORE, BOOKWAREHOUSE } from './names.ts'
import { browseRequest, type ClientRequest, destinationOf, purchaseRequest, restockRequest } from './requests.ts'

/** Header of a request that only tries whether the way is open: it is answered as any other, and changes no books. */
export const PROBE_HEADER = 'bookstore-probe'

/** Whether a request only tries the way. */
export function isProbe(headers: Headers): boolean {
  return headers[PROBE_HEADER] !== undefined
}

/** A request to one workload, through the Service that has only its pods. */
export interface Probe {
  readonly to: string
  readonly request: ClientRequest
}

/** Everything that is ever probed; nobody can name another target. */
export const PROBES: readonly Probe[] = [
  ...['bookstore-v1', 'bookstore-v2'].flatMap(to => {
    const store = destinationOf({ ...BOOKSTORE, name: to })
    return [browseRequest(store), purchaseRequest(store)].map(request => ({ to, request }))
  }),
  { to: BOOKWAREHOUSE.name, request: restockRequest(destinationOf(BOOKWAREHOUSE)) }
]

/** How one probe ended. */
export interface ProbeResult {
  readonly to: string
  readonly method: string
  readonly path: string
  /** null where no answer came. */
  readonly status: number | null
  /** Who answered, by its Identity header; null where a proxy did, or nobody. */
  readonly by: string | null
  /** The answer's first words where a proxy gave it, else the code of the error; '' otherwise. */
  readonly detail: string
}

/** `POST /api/probe`. */
export interface ProbeReport {
  /** Name of the workload that asked. */
  readonly source: string
  readonly results: readonly ProbeResult[]
}

/** `GET /api/access`: what the policies say of one request between two workloads. */
export interface DeclaredCell {
  readonly source: string
  readonly destination: string
  readonly method: string
  readonly path: string
  readonly allowed: boolean
  /** By which rule, or why not. */
  readonly why: string
}
