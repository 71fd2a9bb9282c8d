import {
  type AttemptEnd,
  type Backend,
  choosePod,
  type Denial,
  declaredBreaker,
  declaredEjection,
  declaredRateLimit,
  declaredRetries,
  declaredTimeout,
  type Mesh,
  podsOf,
  type ServiceRequest
} from '@bookstore/policy'
import type { Dispatcher } from 'undici'
import { Exchange } from './exchange.ts'
import { OVERFLOW } from './promises/circuit-breaking.ts'
import { retryPauseMs, triesAgain } from './promises/retries.ts'
import type { ProxyState } from './proxy-state.ts'
import type { SyntheticAnswer } from './synthetic.ts'

/** A request whose backend is chosen. */
export interface Errand {
  readonly mesh: Mesh
  readonly asked: ServiceRequest
  readonly backend: Backend
  readonly random: () => number
  readonly proxy: ProxyState
  /** Sends to a pod's address. */
  readonly send: (address: string, handler: Dispatcher.DispatchHandler) => void
  /** Whether it can be sent more than once: a body that was read is gone. */
  readonly isRepeatable: boolean
  readonly refuse: (denial: Denial, handler: Dispatcher.DispatchHandler) => void
}

const TIMEOUT: SyntheticAnswer = { status: 504, body: 'upstream request timeout' }

/**
 * Carries a request out as the client's proxy does: under its deadline, with its tries, through the circuit breaker, to
 * pods that are not ejected and whose own proxies have a limit.
 */
export function carryOut(errand: Errand, handler: Dispatcher.DispatchHandler): void {
  const { mesh, asked, backend, random, proxy } = errand
  const retries = errand.isRepeatable ? declaredRetries(mesh, asked) : null
  const breaker = declaredBreaker(mesh, backend)
  const ejection = declaredEjection(mesh, backend)
  const timeoutMs = declaredTimeout(mesh, asked)?.timeoutMs ?? null
  const addresses = podsOf(backend).map(({ address }) => address)
  const exchange = new Exchange(handler, () => clearTimeout(deadline))
  const deadline = timeoutMs === null ? undefined : setTimeout(() => exchange.reply(TIMEOUT), timeoutMs)
  let tries = 0

  const attempt = () => {
    if (exchange.isOver) return
    tries++
    if (breaker === null) toPod(() => undefined)
    else if (!proxy.breakers.enter(backend.name, breaker, toPod)) exchange.reply(OVERFLOW)
  }
  const toPod = (leave: () => void) => {
    if (exchange.isOver) return leave()
    const pod = choosePod(mesh, asked, backend, random, ejection ? proxy.ejections.isEjected : undefined)
    if (pod.kind === 'denied') {
      leave()
      return exchange.yield(told => errand.refuse(pod, told))
    }
    const { address, workload } = pod
    const ended = (end: AttemptEnd): boolean => {
      if (ejection) proxy.ejections.note(address, end, ejection, addresses)
      return !exchange.isOver && triesAgain(retries, tries, end)
    }
    const limit = declaredRateLimit(mesh, asked, workload)
    const refusal = limit && proxy.limiter.refusal(address, limit)
    if (refusal) {
      leave()
      return ended(refusal.status) ? again() : exchange.reply(refusal)
    }
    errand.send(address, tryHandler({ exchange, ended, again, leave, perTryMs: retries?.perTryTimeoutMs ?? null }))
  }
  const again = () => {
    if (retries !== null) setTimeout(attempt, retryPauseMs(retries, tries, random))
  }
  attempt()
}

interface Try {
  readonly exchange: Exchange
  /** Told how the try ended; whether there is another one. */
  readonly ended: (end: AttemptEnd) => boolean
  readonly again: () => void
  readonly leave: () => void
  readonly perTryMs: number | null
}

function tryHandler({ exchange, ended, again, leave, perTryMs }: Try): Dispatcher.DispatchHandler {
  let isLate = false
  let fate: 'open' | 'passed on' | 'tried again' = 'open'
  let timer: NodeJS.Timeout | undefined
  const over = () => {
    clearTimeout(timer)
    leave()
  }
  return {
    onRequestStart(controller, context) {
      exchange.attach(controller, context)
      if (perTryMs === null) return
      timer = setTimeout(() => {
        isLate = true
        controller.abort(new Error(TIMEOUT.body))
      }, perTryMs)
    },
    onResponseStart(controller, status, headers, message) {
      if (status < 200) return
      clearTimeout(timer)
      fate = ended(status) ? 'tried again' : 'passed on'
      if (fate === 'passed on') exchange.start(controller, status, headers, message)
    },
    onResponseData(_controller, chunk) {
      if (fate === 'passed on') exchange.data(chunk)
    },
    onResponseEnd(_controller, trailers) {
      over()
      if (fate === 'tried again') again()
      else exchange.finish(trailers)
    },
    onResponseError(_controller, error) {
      over()
      if (fate === 'tried again') return again()
      if (fate === 'passed on') return exchange.fail(error)
      if (ended(isLate ? 'per-try-timeout' : endOf(error))) return again()
      return isLate ? exchange.reply(TIMEOUT) : exchange.fail(error)
    }
  }
}

function endOf(error: Error): AttemptEnd {
  const code = 'code' in error ? error.code : undefined
  return code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT' ? 'connect-failure' : 'reset'
}
