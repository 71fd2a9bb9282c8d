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
 * increment. Gives the row with these labels, which begins at zero; what is asked for often is best kept by the caller.
 */
export function createTally<Label extends string>({
  registry,
  ...described
}: TallyOptions<Label>): (labels: Readonly<Record<Label, string>>) => TallyRow {
  const rows: { readonly labels: Readonly<Record<Label, string>>; count: number }[] = []
  new Counter<Label>({
    ...described,
    registers: [registry],
    collect() {
      this.reset()
      for (const { labels, count } of rows) this.inc(labels, count)
    }
  })
  return labels => {
    const row = { labels, count: 0 }
    rows.push(row)
    return {
      add() {
        row.count += 1
      }
    }
  }
}
