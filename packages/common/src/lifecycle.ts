import type { Logger } from './logger.ts'

/** One step of a stop, named for the log. */
export interface StopStep {
  readonly name: string
  run(): Promise<unknown> | unknown
}

/**
 * An AbortSignal that fires at the first SIGTERM or SIGINT, or when the parent that started us over an IPC channel is
 * gone.
 * A second signal ends the process at once with code 1: the person means it.
 */
export function createStopSignal(logger: Logger): AbortSignal {
  const controller = new AbortController()
  const stop = (why: string) => {
    if (controller.signal.aborted) process.exit(1)
    logger.info({ signal: why }, 'stopping')
    controller.abort(why)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.once('disconnect', () => controller.signal.aborted || stop('parent gone'))
  return controller.signal
}

/**
 * Runs the steps one after the other under one deadline, then ends the process with `exitCode`, or 1 when the deadline
 * passed or a step failed.
 * A failing step is logged and does not keep the later ones from running.
 */
export async function stopInOrder(
  steps: readonly StopStep[],
  {
    logger,
    deadlineMs,
    exitCode = 0
  }: { readonly logger: Logger; readonly deadlineMs: number; readonly exitCode?: number }
): Promise<never> {
  const deadline = setTimeout(() => {
    logger.error({ deadlineMs }, 'the stop took too long and was forced')
    process.exit(1)
  }, deadlineMs)
  let code = exitCode
  for (const step of steps) {
    try {
      await step.run()
      logger.debug({ step: step.name }, 'stop step done')
    } catch (error) {
      code = 1
      logger.error({ step: step.name, err: error }, 'stop step failed')
    }
  }
  clearTimeout(deadline)
  logger.info('stopped')
  process.exit(code)
}

/** Runs a program's main function; an error ends it with one line on standard error for each fault and exit code 1. */
export function runMain(main: () => Promise<void>): void {
  main().catch(error => {
    process.stderr.write(`${errorText(error)}\n`)
    process.exit(1)
  })
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isOurs = 'code' in error && typeof error.code === 'string'
  return isOurs ? error.message : (error.stack ?? error.message)
}
