import { flushCompileCache } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { createStopSignal, type StopStep, stopInOrder } from './lifecycle.ts'
import type { Logger } from './logger.ts'
import { buildMetricsApp } from './metrics/metrics-app.ts'
import { aborted } from './pause.ts'
import type { Readiness } from './readiness.ts'
import type { ServiceConfig } from './service-config.ts'
import type { Tracing } from './tracing/tracing.ts'

/** A port that could not be listened on; the message names the setting to change. */
class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code = 'LISTEN_FAILED'
}

export interface RunServiceOptions {
  readonly config: ServiceConfig
  readonly logger: Logger
  readonly app: FastifyInstance
  readonly registry: Registry
  readonly readiness: Readiness
  readonly tracing?: Tracing | undefined
  /**
   * Called once the port is open, with a signal that fires when the stop begins. A service with an end of its own
   * gives a promise: its number is the exit code, and a rejection stops the service with code 1.
   */
  readonly started?: (stop: AbortSignal) => Promise<number> | undefined
  /** Steps after the last request was answered: outboxes, databases, clients. */
  readonly afterDrain?: readonly StopStep[]
}

/**
 * Listens, runs until a signal, and stops in the order that users feel: not ready, wait, drain, the service's own
 * steps, telemetry.
 * @throws ListenError when a port is taken or not permitted
 */
export async function runService(options: RunServiceOptions): Promise<never> {
  const { config, logger, app, readiness } = options
  const metricsApp = buildMetricsApp(options.registry, logger)
  const { host } = config
  const metricsPort = await listen(metricsApp, {
    host,
    port: config.metricsPort,
    setting: 'METRICS_PORT'
  })
  const port = await listen(app, { host, port: config.port, setting: 'PORT' })
  const stop = createStopSignal(logger)
  logger.info({ port, metricsPort, identity: config.identity }, 'started')
  process.send?.({ listening: { port, metricsPort } })
  // where Node keeps compiled modules, the first start is the time to write them: at the stop somebody waits
  flushCompileCache()
  const exitCode = await untilStopped(stop, options.started?.(stop), logger)
  readiness.stopping()
  return stopInOrder(
    [
      { name: 'wait for traffic to move away', run: () => sleep(config.drainWaitMs) },
      { name: 'drain requests', run: () => app.close() },
      ...(options.afterDrain ?? []),
      { name: 'close metrics', run: () => metricsApp.close() },
      { name: 'flush telemetry', run: () => options.tracing?.shutdown() }
    ],
    { logger, deadlineMs: config.shutdownDeadlineMs, exitCode }
  )
}

async function untilStopped(stop: AbortSignal, ownWork: Promise<number> | undefined, logger: Logger): Promise<number> {
  const asked = aborted(stop).then(() => 0)
  try {
    return await Promise.race(ownWork ? [asked, ownWork] : [asked])
  } catch (error) {
    logger.fatal({ err: error }, 'the service cannot go on')
    return 1
  }
}

/**
 * Opens the port and gives the one the system chose when `port` is 0.
 * @throws ListenError naming the address, the reason and the setting
 */
async function listen(
  app: FastifyInstance,
  { host, port, setting }: { readonly host: string | undefined; readonly port: number; readonly setting: string }
): Promise<number> {
  try {
    await app.listen({
      // no name: Fastify would take no host for localhost, and Node looks every name up, also those of addresses
      host: host ?? '',
      port,
      listenTextResolver: address => `${setting} listens at ${address}`
    })
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    const reason = LISTEN_FAULTS[code] ?? (error as Error).message
    const place = host === undefined ? `port ${port}` : `${host}:${port}`
    throw new ListenError(`${setting}: cannot listen on ${place}: ${reason}; set ${setting} to another value`, {
      cause: error
    })
  }
  const address = app.server.address()
  return typeof address === 'object' && address ? address.port : port
}

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses this port',
  EACCES: 'this user may not open this port',
  EADDRNOTAVAIL: 'this machine has no such address (HOST)',
  ENOTFOUND: 'this host name is unknown (HOST)'
}
