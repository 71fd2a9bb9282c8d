import type { DeclaredCell, ProbeReport, ProbeResult } from '@bookstore/contract'

/** What the policies say of one request between two workloads beside what really happened. */
export interface JudgedCell extends DeclaredCell {
  /** `unanswered`: nobody answered, and no proxy refused either. */
  readonly met: 'allowed' | 'denied' | 'unanswered'
  /** How it ended, in words. */
  readonly how: string
  readonly verdict: 'right' | 'wrong' | 'unknown'
}

/** Compares each probe with what was declared of it; declared cells of sources that were not asked are left out. */
export function judgeCells(declared: readonly DeclaredCell[], reports: readonly ProbeReport[]): readonly JudgedCell[] {
  return declared.flatMap(cell => {
    const result = reports
      .find(({ source }) => source === cell.source)
      ?.results.find(({ to, method, path }) => to === cell.destination && method === cell.method && path === cell.path)
    return result === undefined ? [] : [judge(cell, result)]
  })
}

/** The sources that were asked and of which nothing is declared: the policies' topology does not know them. */
export function strangers(declared: readonly DeclaredCell[], reports: readonly ProbeReport[]): readonly string[] {
  return reports.map(({ source }) => source).filter(source => !declared.some(cell => cell.source === source))
}

/** Why a cell is wrong and what that can mean; '' for another one. */
export function explanationOf(cell: JudgedCell): string {
  if (cell.verdict === 'right') return ''
  const asked = `${cell.source} -> ${cell.destination} ${cell.method} ${cell.path}`
  if (cell.verdict === 'unknown') {
    return `${asked}: nobody answered (${cell.how}); the policies ${cell.allowed ? 'allow' : 'deny'} it`
  }
  return cell.allowed
    ? `${asked}: allowed by ${cell.why}, and refused: ${cell.how}. Is the policy in force at the pod of ${cell.destination}, does ${cell.source} have the account that it names, and does the policy's mesh run both sidecars?`
    : `${asked}: denied, because ${cell.why}; and ${cell.how}. Nothing enforces it there: look whether both pods have the mesh's sidecar (bookstore check --cluster), and whether plain text is refused`
}

function judge(cell: DeclaredCell, result: ProbeResult): JudgedCell {
  const { met, how } = metOf(result)
  const verdict = met === 'unanswered' ? 'unknown' : (met === 'allowed') === cell.allowed ? 'right' : 'wrong'
  return { ...cell, met, how, verdict }
}

const CLOSED = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']

// OSM closes the connection of a client that it denies, and answers 404 where no route matches; Istio answers 403
function metOf({ status, by, detail }: ProbeResult): Pick<JudgedCell, 'met' | 'how'> {
  if (by !== null) return { met: 'allowed', how: `${by} answered with ${status}` }
  const answered = `${status} from the proxy${detail === '' ? '' : ` (${detail})`}`
  if (status === 401 || status === 403 || status === 404) return { met: 'denied', how: answered }
  if (status !== null) return { met: 'unanswered', how: answered }
  if (CLOSED.includes(detail)) return { met: 'denied', how: 'the connection was closed' }
  return { met: 'unanswered', how: detail }
}
