import { readFileSync } from 'node:fs'
import type { PolicySet } from '../src/model.ts'
import type { PolicyFile } from '../src/parse/documents.ts'
import { parsePolicies } from '../src/parse/policies.ts'

// For tests only: the files of deploy/policies, and files of the shape the original course applies.

/** A file of deploy/policies, such as `split-50-50.yaml` or `istio/access-buyer.yaml`. */
export function deployed(name: string): PolicyFile {
  const url = new URL(`../../../deploy/policies/${name}`, import.meta.url)
  return { name: name.replaceAll('/', '-'), text: readFileSync(url, 'utf8') }
}

/** Parses files that must be right. */
export function policiesOf(...files: readonly PolicyFile[]): PolicySet {
  const { policies, errors } = parsePolicies(files)
  if (errors.length > 0) throw new Error(`expected good fixtures, got ${JSON.stringify(errors)}`)
  return policies
}

/** Permissive mode off, as the course patches it, on AKS. */
export const permissiveOff: PolicyFile = {
  name: 'mesh-config.yaml',
  text: `apiVersion: config.openservicemesh.io/v1alpha1
kind: MeshConfig
metadata: {name: osm-mesh-config, namespace: kube-system}
spec:
  sidecar: {logLevel: error, maxDataPlaneConnections: 0}
  traffic: {enableEgress: true, enablePermissiveTrafficPolicyMode: false}
  observability: {enableDebugServer: true, tracing: {enable: false}}
  certificate: {serviceCertValidityDuration: 24h}
`
}

/** The shape of the tutorial's traffic-access-v1.yaml: v2 of the store appears nowhere in it. */
export const accessV1: PolicyFile = {
  name: 'traffic-access-v1.yaml',
  text: `kind: TrafficTarget
apiVersion: access.smi-spec.io/v1alpha3
metadata:
  name: bookstore
  namespace: bookstore
spec:
  destination: {kind: ServiceAccount, name: bookstore, namespace: bookstore}
  rules:
  - kind: HTTPRouteGroup
    name: bookstore-service-routes
    matches: [buy-a-book, books-bought]
  sources:
  - {kind: ServiceAccount, name: bookbuyer, namespace: bookbuyer}
---
apiVersion: specs.smi-spec.io/v1alpha4
kind: HTTPRouteGroup
metadata: {name: bookstore-service-routes, namespace: bookstore}
spec:
  matches:
  - name: books-bought
    pathRegex: /books-bought
    methods: [GET]
    headers:
    - "user-agent": ".*-http-client/*.*"
    - "client-app": "bookbuyer"
  - name: buy-a-book
    pathRegex: ".*a-book.*new"
    methods: [GET]
---
kind: TrafficTarget
apiVersion: access.smi-spec.io/v1alpha3
metadata: {name: bookstore-access-bookwarehouse, namespace: bookwarehouse}
spec:
  destination: {kind: ServiceAccount, name: bookwarehouse, namespace: bookwarehouse}
  rules:
  - kind: HTTPRouteGroup
    name: bookwarehouse-service-routes
    matches: [restock-books]
  sources:
  - {kind: ServiceAccount, name: bookstore, namespace: bookstore}
---
apiVersion: specs.smi-spec.io/v1alpha4
kind: HTTPRouteGroup
metadata: {name: bookwarehouse-service-routes, namespace: bookwarehouse}
spec:
  matches:
  - name: restock-books
    methods: [POST]
    headers:
    - host: bookwarehouse.bookwarehouse
---
kind: TrafficTarget
apiVersion: access.smi-spec.io/v1alpha3
metadata: {name: mysql, namespace: bookwarehouse}
spec:
  destination: {kind: ServiceAccount, name: mysql, namespace: bookwarehouse}
  rules: [{kind: TCPRoute, name: mysql}]
  sources:
  - {kind: ServiceAccount, name: bookwarehouse, namespace: bookwarehouse}
---
apiVersion: specs.smi-spec.io/v1alpha4
kind: TCPRoute
metadata: {name: mysql, namespace: bookwarehouse}
spec:
  matches: {ports: [3306]}
`
}

/** The shape of the tutorial's traffic-split-50-50.yaml. */
export const split5050: PolicyFile = {
  name: 'traffic-split-50-50.yaml',
  text: `apiVersion: split.smi-spec.io/v1alpha2
kind: TrafficSplit
metadata:
  name: bookstore-split
  namespace: bookstore
spec:
  service: bookstore.bookstore # <root-service>.<namespace>
  backends:
  - service: bookstore-v1
    weight: 50
  - service: bookstore-v2
    weight: 50
`
}

/** A TrafficSplit with these two weights, as written. */
export function splitFile(v1: string | number, v2: string | number): PolicyFile {
  const weights = [v1, v2].values()
  const text = split5050.text.replace(/weight: 50/g, () => `weight: ${weights.next().value}`)
  return { name: 'split.yaml', text }
}
