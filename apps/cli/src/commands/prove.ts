import { type Command, CommandError, type Context } from '../command.ts'
import { findService } from '../ledger/addresses.ts'
import { requirePolicies } from '../policies/in-force.ts'
import { readSources } from '../policies/policy-sources.ts'
import { type ProveArguments, readProveArguments } from '../prove/arguments.ts'
import { exitCodeOfPromises, formatProof, formatProofFault } from '../prove/report.ts'
import { prove as runProve } from '../prove/run.ts'
import { proveOutside } from '../prove/run-outside.ts'
import type { ProveReport } from '../prove/words.ts'
import { quitSidecar } from '../verify/quit-sidecar.ts'

export const prove: Command = {
  name: 'prove',
  summary: 'cause what each promise of the mesh is about, and judge whether it is kept',
  help: `Usage: bookstore prove [OPTIONS]

Retries, timeouts, rate limits, circuit breaking, ejection, load balancing, discovery, mutual TLS, egress: reads what
is declared, causes the situation, observes and judges. What nothing declares is "not declared", and what cannot be
seen from here says why. Stores misbehave on demand for it (FAULTS=on), for at most 120 s and only for purchases; the
buyer buys at most 10,000 books a promise, 64 at a time. Everything is put back, also after Ctrl-C. The proof
disturbs what the split is judged by, so the buyer begins a new window at its end.

      --only LIST        such as retries,rate-limit (default: all)
  -f, --filename         judge by the policies of this file or folder instead of those that the buyer sees; may be
                         repeated. What was taken away behind a release is found by this
      --url URL          where the bookbuyer is (default: that of the running bookstore up, else port 14001)
      --store URL        where the stores are; may be repeated (default: as the buyer's topology says)
      --outside-mesh     this program has no sidecar: see at each --store whether plaintext is refused, and whose
                         certificate it shows; nothing else is proven, and no buyer is needed
      --wait DURATION    how long to wait for the buyer to be reachable at first (default 0s)
      --allow-unreadable-policies   judge by the last policies that could be read; else the code is 3 when some cannot
      --quit-sidecar MESH     at the end, tell this pod's sidecar (osm, istio, linkerd) to end too, so that a Job does
  -o, --output FORMAT    text (default), json, junit, or html: one file for a change ticket

Exit code: 0 kept, as far as declared and to be seen, 1 one is not kept, 2 not known or nothing to prove,
3 could not run.`,

  async run(args, context) {
    const asked = readProveArguments(args)
    const { output, sidecar } = asked
    const subject = asked.isOutside ? asked.stores.join(', ') : await buyerOf(asked, context)
    const progress = createProgress(context)
    try {
      const report = asked.isOutside
        ? { ...(await proveOutside(asked.stores, context.stop)), judged: `judged: ${subject}, from outside the mesh` }
        : await proveBuyer(subject, asked, { context, progress: progress.show })
      progress.clear()
      const exitCode = exitCodeOfPromises(report.results)
      context.out(formatProof(report, exitCode, output))
      return exitCode
    } catch (error) {
      progress.clear()
      const fault = error instanceof CommandError && formatProofFault(subject, error.message, output)
      if (fault) context.out(fault)
      throw error
    } finally {
      if (sidecar) context.err(`${await quitSidecar(sidecar)}\n`)
    }
  }
}

async function buyerOf({ url }: ProveArguments, context: Context): Promise<string> {
  return (await findService('bookbuyer', '--url', url, context)).url
}

async function proveBuyer(
  url: string,
  asked: ProveArguments,
  { context, progress }: { readonly context: Context; readonly progress: (text: string) => void }
): Promise<ProveReport> {
  const expected = await expectedPolicies(asked, context)
  const warn = (text: string) => context.err(`${text}\n`)
  const found = await runProve({ ...asked, url, expected, signal: context.stop, progress, warn })
  const declares = asked.expected.length > 0 ? asked.expected.join(', ') : 'the policies that it sees'
  return { ...found, judged: `judged: bookbuyer at ${url}, declared by ${declares}` }
}

async function expectedPolicies({ expected }: ProveArguments, context: Context) {
  return expected.length === 0 ? undefined : requirePolicies(await readSources(expected, context))
}

/** What is done now, on a terminal only. */
function createProgress({ isTerminal, err }: Context): { show(text: string): void; clear(): void } {
  if (!isTerminal) return { show: () => {}, clear: () => {} }
  const ERASE_LINE = '\r\u001b[K'
  return { show: text => err(`${ERASE_LINE}${text}`), clear: () => err(ERASE_LINE) }
}
