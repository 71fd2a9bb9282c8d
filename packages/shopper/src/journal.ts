import { createEpisodes, type Logger } from '@bookstore/common'
import type { ExpectedAccess, Snapshot } from '@bookstore/contract'
import type { Attempt } from './shopping/attempt.ts'

/** Tells in the log what the page shows: when something changes, and not for each attempt. */
export interface Journal {
  /** Takes one attempt to buy. */
  attempted(attempt: Attempt): void
  /** Compares with what was told last; call it about once a second. */
  review(snapshot: Snapshot): void
}

export interface JournalOptions {
  readonly logger: Logger
  readonly expected: () => ExpectedAccess
  readonly now?: () => number
}

const MESSAGES = { bought: 'books are bought', denied: 'purchases are denied', failed: 'purchases fail' }

/**
 * A line when the headline, a verdict, what is declared or the kind of outcome changes. An outcome goes on with one line
 * a minute that has a count.
 */
export function createJournal({ logger, expected, now = Date.now }: JournalOptions): Journal {
  const episodes = createEpisodes({ logger, now })
  let told: Told | undefined
  let declared = ''
  return {
    attempted({ outcome }) {
      const { kind } = outcome
      episodes.note(kind, {
        message: MESSAGES[kind],
        level: isWanted(kind, expected()) ? 'info' : 'warn',
        fields: fieldsOf(outcome)
      })
    },
    review(snapshot) {
      episodes.tick()
      const current = toldOf(snapshot)
      const split = JSON.stringify(snapshot.declared)
      if (split !== declared) logger.info({ ...snapshot.declared }, 'this split is declared')
      declared = split
      if (told?.key === current.key) return
      const level = current.headline === 'fail' || current.headline === 'broken' ? 'warn' : 'info'
      const before = told && { headline: told.headline, split: told.split, access: told.access }
      const { key, ...fields } = current
      logger[level]({ ...fields, before, text: snapshot.headline.text }, snapshot.headline.title)
      told = current
    }
  }
}

interface Told {
  readonly key: string
  readonly headline: Snapshot['headline']['status']
  readonly split: Snapshot['verdict']['status']
  readonly access: Snapshot['access']['status']
  readonly health: Snapshot['health']['status']
}

function toldOf({ headline, verdict, access, health }: Snapshot): Told {
  // numbers in a title, such as the seconds of a silence, are no news
  const title = headline.title.replace(/\d+(\.\d+)?( of \d+)?(?= (s|attempts)\b)/g, 'N')
  return {
    key: [headline.status, title, verdict.status, access.status].join('|'),
    headline: headline.status,
    split: verdict.status,
    access: access.status,
    health: health.status
  }
}

function isWanted(kind: Attempt['outcome']['kind'], expected: ExpectedAccess): boolean {
  if (typeof expected === 'number') return true
  return kind === (expected === 'allowed' ? 'bought' : 'denied')
}

function fieldsOf(outcome: Attempt['outcome']): Readonly<Record<string, string>> {
  if (outcome.kind === 'bought') return { from: outcome.version }
  return { reason: outcome.kind === 'denied' ? outcome.how : outcome.why }
}
