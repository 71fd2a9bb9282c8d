/** One program to run beside the others. */
export interface ServiceSpec {
  readonly name: string
  /** Where it will answer. */
  readonly url: string
  /** Where its metrics will be; undefined where the system chooses. */
  readonly metricsUrl?: string | undefined
  /** Arguments of Node: options, the file, the file's arguments. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logFile: string
  /** Those of a lower round are stopped first, so that nobody calls what is gone already. */
  readonly stopRound: number
}
