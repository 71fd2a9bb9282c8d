/** Where the meshes differ whatever is declared, so that no translation can make them alike. */
export interface DefaultDifference {
  readonly about: string
  readonly osm: string
  readonly istio: string
}

/** Every difference of the defaults that we know of. From OSM 1.2.4's source and Istio's reference, and seen in both. */
export const DEFAULT_DIFFERENCES: readonly DefaultDifference[] = [
  {
    about: 'nothing declared',
    osm: 'a meshed workload speaks mTLS only; callers outside the mesh are refused',
    istio: 'PERMISSIVE: plain text is taken too; the PeerAuthentication of the translation says STRICT'
  },
  {
    about: 'deny by default',
    osm: 'one switch for the mesh denies everything that no TrafficTarget allows',
    istio:
      'only where a policy selects the workload; the translation puts allow-nothing into each namespace that it knows'
  },
  {
    about: 'how a denial looks',
    osm: 'the connection closes, or 404, or 403 where the route belongs to another source',
    istio: '403 RBAC: access denied; a TCP connection closes'
  },
  {
    about: 'a share that goes to a backend that the source may not reach',
    osm: '503',
    istio: '403'
  },
  {
    about: 'the pods behind a Service without a split',
    osm: 'only those whose account the source may reach',
    istio: 'all of them; a note names each Service and source where that matters'
  },
  {
    about: 'who is selected',
    osm: 'the ServiceAccount of the destination',
    istio: 'labels of pods: a workload that is added later needs a policy of its own, and is denied until then'
  },
  {
    about: 'protocol of a port',
    osm: 'appProtocol, else HTTP; the name of the port counts too',
    istio: 'the name of the port (http-…, tcp-…) or appProtocol; name it, or rules about paths and identity can fail'
  },
  {
    about: 'a port that only TCPRoutes open',
    osm: 'HTTP requests on a port that the Service calls HTTP get 404',
    istio: 'whatever is sent to the port is allowed'
  },
  {
    about: 'a connection that speaks no HTTP to a port with HTTP routes',
    osm: 'is accepted, and ends at the HTTP filter',
    istio: 'is denied, because a rule about paths matches no TCP'
  },
  {
    about: 'paths',
    osm: 'compared as they were sent, without the query',
    istio: 'normalised first (BASE: `..` and `.` resolved, `\\` made `/`)'
  },
  {
    about: 'the header host',
    osm: 'compared with upper and lower case as written',
    istio: 'hosts are compared without regard to case'
  },
  {
    about: 'a header that is there and empty',
    osm: 'matches an expression that takes the empty text',
    istio: '* wants at least one character'
  },
  {
    about: 'a split of a TCP Service',
    osm: 'connections are shared by weight too',
    istio: 'the http section of a VirtualService does not concern them'
  },
  {
    about: 'retries that nobody declared',
    osm: 'none',
    istio:
      'two, after connect-failure, refused-stream, unavailable and cancelled: a rule with `retries: {attempts: 0}` has none'
  },
  {
    about: 'where a retry goes',
    osm: 'to any pod, the one that failed too',
    istio: 'to another pod than before, where there is one'
  },
  {
    about: 'who is meant by a Retry',
    osm: 'the account of the source',
    istio: 'labels of pods: a workload that is added later needs a rule of its own'
  },
  {
    about: 'how long a connection may take to open where nothing is declared',
    osm: '5 s (Envoy’s own)',
    istio: '10 s'
  },
  {
    about: 'how a refused way out of the mesh looks',
    osm: 'the connection closes',
    istio: '502 for HTTP; another connection closes'
  },
  {
    about: 'the address of a host outside the mesh, over TLS',
    osm: 'the one that the client chose',
    istio: 'resolved again by the proxy; the one that the client chose where the hosts have * or ranges are given'
  },
  {
    about: 'a Service as a source of an IngressBackend',
    osm: 'the addresses of its pods, followed as they change',
    istio: 'nothing follows addresses: an account in the mesh, or ranges that are written'
  },
  {
    about: 'who applies a split',
    osm: 'every meshed client',
    istio: 'every meshed client; clients outside the mesh and a Gateway need rules of their own'
  }
]
