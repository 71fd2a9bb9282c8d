import { createApiClient } from '../api/api-client.ts'
import { type Command, CommandError, type Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { type FoundService, findService } from '../ledger/addresses.ts'
import { cut } from '../text/cut.ts'
import { exitCodeOf } from '../text/verdict-text.ts'
import { readVerifyArguments, type VerifyArguments } from '../verify/arguments.ts'
import { verifyBuyers } from '../verify/buyers.ts'
import type { Check } from '../verify/checks.ts'
import { quitSidecar } from '../verify/quit-sidecar.ts'
import { formatFault, formatReport, type Report } from '../verify/report.ts'
import { verifyService } from '../verify/service.ts'
import { isNamed } from '../verify/terms.ts'
import { verify as runVerify, type VerifyOptions } from '../verify/verify.ts'

export const verify: Command = {
  name: 'verify',
  summary: 'wait for the verdict on a running shopper: pass, fail, or not enough data',
  help: `Usage: bookstore verify [OPTIONS]

Watches a bookbuyer (or bookthief) until the split and the access are judged. Without --expect and
--expect-access it judges what is declared: the split and the access, or a denial alone. With them, or with
--burst, it judges the purchases from now on, and changes nothing of what the shopper's own page is judged by.

With --version-header or --version-field it asks any HTTP service itself, on a connection for each request,
and judges the split of its versions: bookstore verify --url http://shop/ --version-header x-version --expect
stable=90,canary=10

      --url URL               where the shopper is (default: the bookbuyer of the running bookstore up, else port 14001)
      --buyer URL             judge the windows of several buyers together (repeat it; a name with several
                              addresses, such as a headless Service, is all of them)
      --expect v1=50,v2=50    the split to expect; v1 means bookstore-v1. Ranges in percent will do as well:
                              v1=88..92,v2=8..12
      --expect-access WHAT    allowed or denied
      --tolerance POINTS      how far a share may be from what is declared (default: the shopper's, 5)
      --alpha P               probability of a false alarm (default: the shopper's, 0.01)
      --timeout DURATION      such as 500ms, 60s, 2m (default 60s)
      --burst N               have N books bought at once, up to 10000, and after them as many as are still missing;
                              3000 settle a 50/50 within 5 points in 9 of 10 runs. With --buyer all of them
                              together buy N, in their own windows
      --wait DURATION         how long to wait for the shopper to be reachable at first (default 0s)
      --allow-unreadable-policies   judge by the last policies that could be read; else the code is 3 when some cannot
      --version-header NAME   the header of the answers of --url that names their version
      --version-field PATH    the field of a JSON body that does, such as app.version
      --concurrency N         requests to such a service at the same time, up to 64 (default 8)
      --quit-sidecar MESH     at the end, tell this pod's sidecar (osm, istio, linkerd) to end too, so that a Job does
  -o, --output FORMAT         text (default), json or junit

Exit code: 0 pass, 1 fail, 2 not enough data in time, 3 could not run.`,

  async run(args, context) {
    const asked = readVerifyArguments(args)
    const { output, sidecar } = asked
    const [buyer] = asked.buyers
    const service =
      buyer === undefined ? await findService('bookbuyer', '--url', asked.url, context) : namedBuyer(buyer)
    const progress = createProgress(context)
    try {
      const report = await judge(asked, service, { signal: context.stop, progress: progress.show })
      progress.clear()
      const exitCode = isBlind(report, asked) ? EXIT.COULD_NOT_RUN : exitCodeOf(report.status)
      context.out(formatReport(report, exitCode, output))
      return exitCode
    } catch (error) {
      progress.clear()
      const fault = error instanceof CommandError && formatFault(service.url, error.message, output)
      if (fault) context.out(fault)
      throw error
    } finally {
      if (sidecar) context.err(`${await quitSidecar(sidecar)}\n`)
    }
  }
}

type Watching = Pick<VerifyOptions, 'signal' | 'progress'>

async function judge(asked: VerifyArguments, service: FoundService, watching: Watching): Promise<Report> {
  if (asked.service) return verifyService({ ...asked, ...asked.service, ...watching, url: service.url })
  const api = createApiClient({ signal: watching.signal })
  try {
    if (asked.buyers.length > 0)
      return await verifyBuyers({ ...asked, ...watching, burst: asked.requested.burst, urls: asked.buyers, api })
    return await runVerify({ ...asked, ...service, ...watching, api })
  } finally {
    await api.close()
  }
}

function namedBuyer(url: string): FoundService {
  return { url, policyDir: undefined }
}

// what was asked for by name needs no policy; everything else is judged by what the policies declare
function isBlind({ problems }: Report, { requested, isBlindAllowed }: VerifyArguments): boolean {
  return problems.length > 0 && !isNamed(requested) && !isBlindAllowed
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
