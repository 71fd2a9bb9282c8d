/** Meshes whose sidecar keeps a finished Job from ending. */
export const SIDECAR_MESHES = ['osm', 'istio', 'linkerd'] as const

export type SidecarMesh = (typeof SIDECAR_MESHES)[number]

/**
 * Where each sidecar takes the order to end: Envoy's own administration
 * (https://www.envoyproxy.io/docs/envoy/latest/operations/admin#post--quitquitquit), Istio's agent, Linkerd's proxy
 * (https://linkerd.io/2/tasks/graceful-shutdown/).
 */
const QUIT_URLS: Readonly<Record<SidecarMesh, string>> = {
  osm: 'http://127.0.0.1:15000/quitquitquit',
  istio: 'http://127.0.0.1:15020/quitquitquit',
  linkerd: 'http://127.0.0.1:4191/shutdown'
}

/**
 * Tells the sidecar of this pod to end, so that a Job of it can. Gives a line for the log; a sidecar that does not
 * answer (a native one ends by itself, or there is none) is no failure.
 */
export async function quitSidecar(
  mesh: SidecarMesh,
  { url = QUIT_URLS[mesh], timeoutMs = 3000 }: { readonly url?: string; readonly timeoutMs?: number } = {}
): Promise<string> {
  try {
    const { status } = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(timeoutMs) })
    return `told the ${mesh} sidecar to end: ${status}`
  } catch (error) {
    const { cause, message } = error as Error
    return `no ${mesh} sidecar to end at ${url}: ${cause instanceof Error ? cause.message : message}`
  }
}
