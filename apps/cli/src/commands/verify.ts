import { parseSplit } from '@bookstore/contract'
import { createApiClient } from '../api/api-client.ts'
import { type Command, CommandError, type Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { findService } from '../ledger/addresses.ts'
import { numberBetween, oneOf, parsedBy, readOptions, wholeNumber } from '../options.ts'
import { cut } from '../text/cut.ts'
import { parseDuration } from '../text/duration.ts'
import { exitCodeOf } from '../text/verdict-text.ts'
import type { Check } from '../verify/checks.ts'
import { quitSidecar, SIDECAR_MESHES, type SidecarMesh } from '../verify/quit-sidecar.ts'
import { formatFault, formatReport, type Output, type Report } from '../verify/report.ts'
import { isNamed, type RequestedChecks } from '../verify/terms.ts'
import { verify as runVerify } from '../verify/verify.ts'

export const verify: Command = {
  name: 'verify',
  summary: 'wait for the verdict on a running shopper: pass, fail, or not enough data',
  help: `Usage: bookstore verify [OPTIONS]

Watches a bookbuyer (or bookthief) until the split and the access are judged. Without --expect and
--expect-access it judges what is declared: the split and the access, or a denial alone. With them, or with
--burst, it judges the purchases from now on, and the shopper's own page stays as it is.

      --url URL               where the shopper is (default: the bookbuyer of the running bookstore up, else port 14001)
      --expect v1=50,v2=50    the split to expect; v1 means bookstore-v1
      --expect-access WHAT    allowed or denied
      --tolerance POINTS      how far a share may be from what is declared (default: the shopper's, 5)
      --alpha P               probability of a false alarm (default: the shopper's, 0.01)
      --timeout DURATION      such as 500ms, 60s, 2m (default 60s)
      --burst N               have N books bought at once, up to 10000, and after them as many as are still missing;
                              3000 settle a 50/50 within 5 points in 9 of 10 runs
      --wait DURATION         how long to wait for the shopper to be reachable at first (default 0s)
      --allow-unreadable-policies   judge by the last policies that could be read; else the code is 3 when some cannot
      --quit-sidecar MESH     at the end, tell this pod's sidecar (osm, istio, linkerd) to end too, so that a Job does
  -o, --output FORMAT         text (default), json or junit

Exit code: 0 pass, 1 fail, 2 not enough data in time, 3 could not run.`,

  async run(args, context) {
    const { timeoutMs, waitMs, output, requested, sidecar, ...asked } = readArguments(args)
    const { url, policyDir } = await findService('bookbuyer', '--url', asked.url, context)
    const api = createApiClient({ signal: context.stop })
    const progress = createProgress(context)
    try {
      const report = await runVerify({
        url,
        timeoutMs,
        waitMs,
        requested,
        api,
        signal: context.stop,
        progress: progress.show
      })
      progress.clear()
      const exitCode =
        isBlind(report, requested) && !asked.isBlindAllowed ? EXIT.COULD_NOT_RUN : exitCodeOf(report.status)
      context.out(formatReport({ ...report, policyDir }, exitCode, output))
      return exitCode
    } catch (error) {
      progress.clear()
      const fault = error instanceof CommandError && formatFault(url, error.message, output)
      if (fault) context.out(fault)
      throw error
    } finally {
      await api.close()
      if (sidecar) context.err(`${await quitSidecar(sidecar)}\n`)
    }
  }
}

// what was asked for by name needs no policy; everything else is judged by what the policies declare
function isBlind({ policies }: Report, requested: RequestedChecks): boolean {
  return policies.problems.length > 0 && !isNamed(requested)
}

function readArguments(args: readonly string[]): {
  readonly url: string | undefined
  readonly timeoutMs: number
  readonly waitMs: number
  readonly output: Output
  readonly requested: RequestedChecks
  readonly sidecar: SidecarMesh | undefined
  readonly isBlindAllowed: boolean
} {
  const { values } = readOptions(args, {
    url: { type: 'string' },
    expect: { type: 'string' },
    'expect-access': { type: 'string' },
    tolerance: { type: 'string' },
    alpha: { type: 'string' },
    timeout: { type: 'string', default: '60s' },
    burst: { type: 'string' },
    wait: { type: 'string', default: '0s' },
    'allow-unreadable-policies': { type: 'boolean', default: false },
    'quit-sidecar': { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' }
  })
  const { expect, 'expect-access': access, tolerance, alpha, burst } = values
  const sidecar = values['quit-sidecar']
  return {
    url: values.url,
    isBlindAllowed: values['allow-unreadable-policies'],
    timeoutMs: parsedBy('--timeout', values.timeout, parseDuration),
    waitMs: parsedBy('--wait', values.wait, parseDuration),
    sidecar: sidecar === undefined ? undefined : oneOf('--quit-sidecar', sidecar, SIDECAR_MESHES),
    output: oneOf('--output', values.output, ['text', 'json', 'junit']),
    requested: {
      expect: expect === undefined ? undefined : parsedBy('--expect', expect, parseSplit),
      expectAccess: access === undefined ? undefined : oneOf('--expect-access', access, ['allowed', 'denied']),
      tolerance: tolerance === undefined ? undefined : numberBetween('--tolerance', tolerance, 0, 100) / 100,
      alpha: alpha === undefined ? undefined : numberBetween('--alpha', alpha, 0, 0.5),
      burst: burst === undefined ? 0 : wholeNumber('--burst', burst, 1, 10_000)
    }
  }
}

/** One line that is written over and over, on a terminal only. */
function createProgress({ isTerminal, columns, err }: Context): {
  show(checks: readonly Check[]): void
  clear(): void
} {
  if (!isTerminal) return { show: () => {}, clear: () => {} }
  const ERASE_LINE = '\r\u001b[K'
  return {
    show(checks) {
      const line = checks.map(({ name, reason }) => `${name}: ${reason}`).join(' · ')
      err(`${ERASE_LINE}${cut(line, Math.min(columns, 111) - 1)}`)
    },
    clear: () => err(ERASE_LINE)
  }
}
