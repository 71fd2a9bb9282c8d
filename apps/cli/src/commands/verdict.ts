import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { isVersionName, parseSplit, type Split, type SplitVerdict, type Status } from '@bookstore/contract'
import {
  createSplitMonitor,
  DEFAULT_ALPHA,
  DEFAULT_TOLERANCE,
  judgeCounts,
  reasonWithOutlook
} from '@bookstore/verdict'
import { type Command, CommandError, type Context, UsageError } from '../command.ts'
import { numberBetween, oneOf, parsedBy, readOptions } from '../options.ts'
import { exitCodeOf, splitDetails, statusWord } from '../text/verdict-text.ts'
import { parseCounts } from '../verify/counts.ts'

export const verdict: Command = {
  name: 'verdict',
  summary: 'judge numbers from anywhere: counts, or a sequence of versions',
  help: `Usage: bookstore verdict --declared v1=50,v2=50 (--counts v1=600,v2=400 | --sequence FILE|-) [OPTIONS]

Judges whether counts, or a sequence of purchases, agree with a declared split. Any names will do;
v1 means bookstore-v1.

      --declared v1=50,v2=50  the split; weights are integers, decimals or quantities such as 500m
      --counts v1=600,v2=400  how often each version was seen, in an order that is not known: the alarm is
                              judged at the end only, and alarmAt is null
      --sequence FILE|-       one version a line, in the order they came: judged after every line, and
                              alarmAt is the number of the line at which the alarm came. Behind a version may
                              stand its connection (v1 10.0.0.7:41873): one that keeps to a version counts once
      --tolerance POINTS      how far a share may be from what is declared (default 5)
      --alpha P               probability of a false alarm (default 0.01)
  -o, --output FORMAT         text (default) or json

Exit code: 0 pass, 1 fail, 2 not enough data, 3 could not run.`,

  async run(args, context) {
    const { values } = readOptions(args, {
      declared: { type: 'string' },
      counts: { type: 'string' },
      sequence: { type: 'string' },
      tolerance: { type: 'string' },
      alpha: { type: 'string' },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json'])
    if (values.declared === undefined) throw new UsageError('expected --declared v1=50,v2=50')
    const terms = {
      declared: parsedBy('--declared', values.declared, parseSplit),
      alpha: values.alpha === undefined ? DEFAULT_ALPHA : numberBetween('--alpha', values.alpha, 0, 0.5),
      tolerance:
        values.tolerance === undefined
          ? DEFAULT_TOLERANCE
          : numberBetween('--tolerance', values.tolerance, 0, 100) / 100
    }
    const found = await judge(values, terms, context)
    context.out(output === 'json' ? JSON.stringify(found, null, 2) : textOf(found))
    return exitCodeOf(found.status)
  }
}

interface Terms {
  readonly declared: Split
  readonly alpha: number
  readonly tolerance: number
}

async function judge(
  { counts, sequence }: { readonly counts?: string | undefined; readonly sequence?: string | undefined },
  terms: Terms,
  context: Context
): Promise<SplitVerdict> {
  if ((counts === undefined) === (sequence === undefined)) {
    throw new UsageError('expected either --counts v1=600,v2=400 or --sequence FILE (- for standard input)')
  }
  if (counts !== undefined) {
    return judgeCounts({ ...terms, counts: parsedBy('--counts', counts, parseCounts) })
  }
  return judgeSequence(sequence ?? '-', terms, context)
}

async function judgeSequence(name: string, terms: Terms, { cwd, input }: Context): Promise<SplitVerdict> {
  const test = createSplitMonitor(terms)
  let number = 0
  const source = name === '-' ? Readable.from(input) : createReadStream(resolve(cwd, name))
  try {
    const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })
    for await (const line of lines) {
      number += 1
      const purchase = purchaseIn(line, `${name}:${number}`)
      if (purchase) test.observe(purchase.version, undefined, purchase.connection)
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError(`--sequence: ${name} cannot be read (${code})`, {
      cause: error
    })
  }
  return test.verdict()
}

/** The version on a line, and the connection behind it; undefined for a blank line. */
function purchaseIn(
  line: string,
  place: string
): { readonly version: string; readonly connection: string | undefined } | undefined {
  const [version = '', connection, ...rest] = line.trim().split(/\s+/)
  if (version === '') return undefined
  if (isVersionName(version) && rest.length === 0) return { version, connection }
  const got = JSON.stringify(line.trim().slice(0, 60))
  throw new CommandError(`${place}: expected a version such as v1, perhaps with its connection, got ${got}`)
}

// what is within the tolerance raises an alarm too when it is surely not exact
function alarmLine(status: Status, alarmAt: number): string {
  return status === 'fail'
    ? `alarm at purchase ${alarmAt}`
    : `surely not exactly the declared split from purchase ${alarmAt} on`
}

function textOf(found: SplitVerdict): string {
  const alarm = found.alarmAt === null ? [] : [alarmLine(found.status, found.alarmAt)]
  return [`${statusWord(found.status)}  ${reasonWithOutlook(found)}`, splitDetails(found), ...alarm].join('\n')
}
