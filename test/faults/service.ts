import { type Exit, type RunningApp, type StartAppOptions, startApp } from '@bookstore/testing'

/** A service that can die and come back at the same address. */
export interface Service extends AsyncDisposable {
  readonly name: string
  readonly url: string
  readonly metricsUrl: string
  readonly port: number
  pid(): number
  /** kill -9. */
  kill(): Promise<void>
  /** Asks it to end, and waits until it did. */
  stop(): Promise<Exit>
  /** Starts it again at the same address. */
  start(): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** What all its lives have written, standard error last. */
  output(): readonly string[]
  /** Says how it ended without having been asked to; undefined when it did not. */
  accident(): string | undefined
}

/** Starts a service on ports that the system chooses. */
export async function startService(name: string, options: StartAppOptions): Promise<Service> {
  let app = await startApp(options)
  const { url, metricsUrl, port, metricsPort } = app
  const lives: RunningApp[] = [app]
  let accident: string | undefined
  let isAsked = false
  const watch = (life: RunningApp) =>
    life.exited.then(({ code, signal }) => {
      if (!isAsked) accident = `${name} ended by itself: ${signal ?? `code ${code}`}`
    })
  const end = async (signal: NodeJS.Signals) => {
    isAsked = true
    return app.stop(signal)
  }
  void watch(app)
  return {
    name,
    url,
    metricsUrl,
    port,
    pid: () => app.pid,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    async start() {
      const env = { ...options.env, PORT: String(port), METRICS_PORT: String(metricsPort) }
      app = await startApp({ ...options, env })
      isAsked = false
      lives.push(app)
      void watch(app)
    },
    signal: signal => app.signal(signal),
    output: () => lives.flatMap(({ stdout, stderr }) => [...stdout, ...stderr]),
    accident: () => accident,
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL'))
  }
}
