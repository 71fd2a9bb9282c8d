{{/*
A Server, who may reach it, and the accounts that are meant: where a Server selects a port, everything else is denied.
Takes root, name, namespace, app, port, protocol, accounts (list of {name, namespace}; empty: nobody).
*/}}
{{- define "bookstore.linkerdServer" -}}
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.policyLabels" .root | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      app: {{ .app }}
  port: {{ .port }}
  proxyProtocol: {{ .protocol }}
{{- if .accounts }}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: MeshTLSAuthentication
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.policyLabels" .root | nindent 4 }}
spec:
  identityRefs:
    {{- range .accounts }}
    - kind: ServiceAccount
      name: {{ .name }}
      namespace: {{ .namespace }}
    {{- end }}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.policyLabels" .root | nindent 4 }}
spec:
  targetRef:
    group: policy.linkerd.io
    kind: Server
    name: {{ .name }}
  requiredAuthenticationRefs:
    - group: policy.linkerd.io
      kind: MeshTLSAuthentication
      name: {{ .name }}
{{- end }}
{{- end }}
