import { Counter, type Registry } from 'prom-client'

/** One labelled row of a counter; adding allocates nothing. */
export interface TallyRow {
  /** Counts one more. */
  add(): void
}

export interface TallyOptions<Label extends string> {
  readonly registry: Registry
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Label[]
}

/**
 * A counter that is brought to the registry when somebody looks. prom-client's own looks its labels up at every
 * increment. Gives the row with these labels, which begins at zero, the same one each time; what is asked for often is
 * best kept by the caller.
 */
export function createTally<Label extends string>({
  registry,
  ...described
}: TallyOptions<Label>): (labels: Readonly<Record<Label, string>>) => TallyRow {
  const rows = new Map<string, Row<Label>>()
  new Counter<Label>({
    ...described,
    registers: [registry],
    collect() {
      this.reset()
      for (const { labels, count } of rows.values()) this.inc(labels, count)
    }
  })
  return labels => {
    const key = JSON.stringify(labels)
    const known = rows.get(key)
    if (known !== undefined) return known
    const made = createRow(labels)
    rows.set(key, made)
    return made
  }
}

interface Row<Label extends string> extends TallyRow {
  readonly labels: Readonly<Record<Label, string>>
  readonly count: number
}

function createRow<Label extends string>(labels: Row<Label>['labels']): Row<Label> {
  let count = 0
  return {
    labels,
    get count() {
      return count
    },
    add() {
      count += 1
    }
  }
}
