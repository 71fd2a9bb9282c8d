import type { PromiseName, PromiseStatus } from '@bookstore/contract'

const FAILED: Readonly<Record<PromiseName, string>> = {
  'load-balancing': 'look whether something splits or subsets the Service, and whether locality decides',
  discovery: 'look whether every pod is ready and carries the labels of its Service',
  'mutual-tls': 'look for a PeerAuthentication that says PERMISSIVE or DISABLE, and for pods without a sidecar',
  egress: 'look at enableEgress of the MeshConfig, or outboundTrafficPolicy, and at the port',
  retries: 'OSM: is featureFlags.enableRetryPolicy on; Istio: does another VirtualService have the host',
  timeouts: 'look whether another route of the VirtualService takes the purchase',
  'rate-limit':
    'OSM: host must name the Service that clients call, by its whole name; Istio: does workloadSelector match',
  'circuit-breaking': 'OSM: with a TrafficSplit, host is the Service of a version; Istio: does the host match',
  ejection: 'look whether the DestinationRule has this host, and whether another one does'
}

/** What a person can do about a promise that was not kept or not settled; '' where nothing is to be done. */
export function hintFor(name: PromiseName, status: PromiseStatus): string {
  const page = `docs/promises.md#${name}`
  if (status === 'fail') return `${FAILED[name]}; see ${page}`
  if (status === 'pending')
    return `mend what the reason names, and run it again: bookstore prove --only ${name}; see ${page}`
  return ''
}
