import { createApiClient } from '../api/api-client.ts'
import { type Command, UsageError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { addressOf } from '../ledger/addresses.ts'
import { migrationPage } from '../migration/page.ts'
import { migrationReport } from '../migration/report.ts'
import { textReport } from '../migration/text-report.ts'
import { oneOf, parsedBy, readOptions } from '../options.ts'
import { parseMoment } from '../text/moment.ts'

export const migration: Command = {
  name: 'migration',
  summary: 'what a move between meshes did: outage, unenforced, no identity, split before and after',
  help: `Usage: bookstore migration [--from TIME] [--to TIME] [--buyer URL] [--thief URL] [-o text|json|html]

Reads the records of buyer and thief (STATE_DIR) and counts the seconds in which the buyer could not buy, the thief
got in, and stores were shown no identity, each with its evidence. It says how finely that can be known.

      --from TIME     2026-11-25T14:00:00Z, or so long ago, such as 30m (default 1h)
      --to TIME       its end (default: now)
      --buyer URL     where the bookbuyer is (default: that of the running bookstore up, else port 14001)
      --thief URL     where the bookthief is (default: that of the running bookstore up, else port 14014)
  -o, --output        text (default), json, or html: one file with the picture in it

Exit code: 0 printed, 3 could not run.`,

  async run(args, context) {
    const { values } = readOptions(args, {
      from: { type: 'string', default: '1h' },
      to: { type: 'string', default: '0s' },
      buyer: { type: 'string' },
      thief: { type: 'string' },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json', 'html'])
    const now = Date.now()
    const from = parsedBy('--from', values.from, text => parseMoment(text, now))
    const to = parsedBy('--to', values.to, text => parseMoment(text, now))
    if (from >= to) throw new UsageError('--from: expected a time before --to')
    const urls = {
      buyer: await addressOf('bookbuyer', '--buyer', values.buyer, context),
      thief: await addressOf('bookthief', '--thief', values.thief, context)
    }
    const api = createApiClient({ signal: context.stop })
    try {
      const range = { since: from, until: to }
      const [buyer, thief] = await Promise.all([api.record(urls.buyer, range), api.record(urls.thief, range)])
      const report = migrationReport(buyer, thief, { from, to })
      if (output === 'json') context.out(JSON.stringify(report, null, 2))
      else context.out(output === 'html' ? migrationPage(report, buyer, thief) : textReport(report))
      return EXIT.YES
    } finally {
      await api.close()
    }
  }
}
