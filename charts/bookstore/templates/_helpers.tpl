{{/* Labels that select: the contract's own two. */}}
{{- define "bookstore.selectorLabels" -}}
app: {{ .app }}
version: {{ .version }}
{{- end }}

{{/* Labels of every object. Takes root, app, component (and version). */}}
{{- define "bookstore.labels" -}}
{{ include "bookstore.podLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Labels of pods: nothing in them changes with a new release of the chart, so that it restarts only what it changes. */}}
{{- define "bookstore.podLabels" -}}
app: {{ .app }}
{{- with .version }}
version: {{ . }}
{{- end }}
app.kubernetes.io/name: {{ .app }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/part-of: bookstore
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels of objects that belong to no single app, such as policies. */}}
{{- define "bookstore.policyLabels" -}}
{{ include "bookstore.labels" (dict "root" . "app" "bookstore" "component" "policy") }}
{{- end }}

{{- define "bookstore.image" -}}
{{- $image := .Values.image -}}
{{- $name := list $image.registry $image.repository | compact | join "/" -}}
{{- if $image.digest -}}
{{ $name }}@{{ $image.digest }}
{{- else -}}
{{ $name }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Account of a version of the store: the public manifests' names. */}}
{{- define "bookstore.storeAccount" -}}
{{- if and (eq .version "v2") (eq .root.Values.accounts "perVersion") -}}
bookstore-v2
{{- else -}}
bookstore
{{- end -}}
{{- end }}

{{/* Versions of the store that have a TrafficTarget of their own, as a JSON list. */}}
{{- define "bookstore.storeAccounts" -}}
{{- if eq .Values.accounts "perVersion" -}}
["bookstore", "bookstore-v2"]
{{- else -}}
["bookstore"]
{{- end -}}
{{- end }}

{{/* The shoppers there are, as a JSON list. */}}
{{- define "bookstore.shoppers" -}}
{{ if .Values.bookthief.enabled }}["bookbuyer", "bookthief"]{{ else }}["bookbuyer"]{{ end }}
{{- end }}

{{/* Shoppers that may buy under `access`, as a JSON list. */}}
{{- define "bookstore.buyers" -}}
{{- if eq .Values.access "allow-buyer" -}}
["bookbuyer"]
{{- else if eq .Values.access "allow-all" -}}
{{ include "bookstore.shoppers" . }}
{{- else -}}
[]
{{- end -}}
{{- end }}

{{/* Whether a shopper is expected to be allowed or denied. Without a mesh nobody can be denied. */}}
{{- define "bookstore.expectedAccess" -}}
{{- $buyers := include "bookstore.buyers" .root | fromJsonArray -}}
{{- $elsewhere := and (eq .app "bookbuyer") .root.Values.bookbuyer.target.url -}}
{{- if or $elsewhere (eq .root.Values.mesh "none") (eq .root.Values.access "permissive") (has .app $buyers) -}}
allowed
{{- else -}}
denied
{{- end -}}
{{- end }}

{{- define "bookstore.expectedSplit" -}}
{{- if .Values.bookbuyer.target.url -}}
{{ .Values.bookbuyer.target.expectedSplit }}
{{- else -}}
bookstore-v1={{ .Values.split.v1 }},bookstore-v2={{ .Values.split.v2 }}
{{- end -}}
{{- end }}

{{/* Whether the buyer reads the policies of the cluster: there must be some. */}}
{{- define "bookstore.followsCluster" -}}
{{- if and .Values.clusterPolicies.enabled (ne .Values.mesh "none") -}}
true
{{- end -}}
{{- end }}

{{/* Namespaces that are really there, as a JSON list. */}}
{{- define "bookstore.namespaces" -}}
{{- $names := list .Values.namespaces.bookbuyer .Values.namespaces.bookstore .Values.namespaces.bookwarehouse -}}
{{- if .Values.bookthief.enabled -}}
{{- $names = append $names .Values.namespaces.bookthief -}}
{{- end -}}
{{ $names | uniq | sortAlpha | toJson }}
{{- end }}

{{/* Name of the Secret with the database's credentials. */}}
{{- define "bookstore.databaseSecret" -}}
{{ .Values.database.existingSecret | default "bookwarehouse-database" }}
{{- end }}

{{/* Ports that a pod calls outside of the mesh, as a list with commas. Takes root, directPort. */}}
{{- define "bookstore.directPorts" -}}
{{- $otlpPort := regexFind "[0-9]+$" (urlParse .root.Values.otlpEndpoint).host -}}
{{- list (.directPort | default "" | toString) $otlpPort | compact | uniq | join "," -}}
{{- end }}

{{/*
Pod annotations of the mesh: the metrics port stays out of the sidecar (it would refuse a plain scrape), and with `directPort`
so does what the pod calls outside of the mesh there: the Kubernetes API, a database, a collector of spans (OSM without egress
would refuse them).
*/}}
{{- define "bookstore.meshAnnotations" -}}
{{- $directPort := include "bookstore.directPorts" . -}}
{{- $mesh := .root.Values.mesh -}}
{{- if eq $mesh "osm" }}
openservicemesh.io/inbound-port-exclusion-list: "9464"
{{- with $directPort }}
openservicemesh.io/outbound-port-exclusion-list: {{ . | quote }}
{{- end }}
{{- else if eq $mesh "istio" }}
traffic.sidecar.istio.io/excludeInboundPorts: "9464"
{{- with $directPort }}
traffic.sidecar.istio.io/excludeOutboundPorts: {{ . | quote }}
{{- end }}
proxy.istio.io/config: |
  holdApplicationUntilProxyStarts: true
  terminationDrainDuration: {{ .root.Values.istio.drainSeconds }}s
{{- else if eq $mesh "linkerd" }}
config.linkerd.io/skip-inbound-ports: "9464"
{{- with $directPort }}
config.linkerd.io/skip-outbound-ports: {{ . | quote }}
{{- end }}
config.linkerd.io/proxy-await: enabled
{{- end }}
{{- end }}

{{/* Security context of every container of ours: what the Pod Security level `restricted` asks for, and no writing. */}}
{{- define "bookstore.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Who runs under which account, and which Service selects whom: what the buyer needs to say what the policies mean. */}}
{{- define "bookstore.topology" -}}
{{- $namespaces := .Values.namespaces -}}
workloads:
  {{- range list "bookbuyer" "bookthief" "bookwarehouse" }}
  - {name: {{ . }}, namespace: {{ get $namespaces . }}, serviceAccount: {{ . }}, labels: {app: {{ . }}, version: v1}, addresses: []}
  {{- end }}
  {{- range $version := list "v1" "v2" }}
  - name: bookstore-{{ $version }}
    namespace: {{ $namespaces.bookstore }}
    serviceAccount: {{ include "bookstore.storeAccount" (dict "root" $ "version" $version) }}
    labels: {app: bookstore, version: {{ $version }}}
    addresses: []
  {{- end }}
services:
  - {name: bookstore, namespace: {{ $namespaces.bookstore }}, selector: {app: bookstore}}
  - {name: bookstore-v1, namespace: {{ $namespaces.bookstore }}, selector: {app: bookstore, version: v1}}
  - {name: bookstore-v2, namespace: {{ $namespaces.bookstore }}, selector: {app: bookstore, version: v2}}
  - {name: bookwarehouse, namespace: {{ $namespaces.bookwarehouse }}, selector: {app: bookwarehouse}}
{{- end }}
