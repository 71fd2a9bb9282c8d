import { DiagLogLevel, diag } from '@opentelemetry/api'
import type { Episodes } from '../episodes.ts'

/**
 * Tells what the SDK complains of, such as a collector that does not answer or spans that are dropped: once, then once a
 * minute with a count. The SDK knows one such listener in a process.
 */
export function tellDiagnostics(episodes: Episodes): void {
  const tell = (message: string, ...details: unknown[]) =>
    episodes.note('telemetry', {
      message: 'spans are not sent',
      level: 'warn',
      fields: { reason: [message, ...details.map(inWords)].join(' ').slice(0, 300) }
    })
  const silent = () => undefined
  const logger = { error: tell, warn: tell, info: silent, debug: silent, verbose: silent }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
}

function inWords(detail: unknown): string {
  if (!(detail instanceof Error)) return String(detail)
  return [detail.message, 'code' in detail ? String(detail.code) : ''].filter(Boolean).join(' ')
}
