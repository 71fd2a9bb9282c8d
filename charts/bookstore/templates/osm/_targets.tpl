{{/* A TrafficTarget for HTTP. Takes root, name, namespace, account, group, matches, sources (list of {name, namespace}). */}}
{{- define "bookstore.trafficTarget" -}}
apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.policyLabels" .root | nindent 4 }}
spec:
  destination:
    kind: ServiceAccount
    name: {{ .account }}
    namespace: {{ .namespace }}
  rules:
    - kind: {{ .kind | default "HTTPRouteGroup" }}
      name: {{ .group }}
      {{- with .matches }}
      matches: {{ toJson . }}
      {{- end }}
  sources:
    {{- range .sources }}
    - kind: ServiceAccount
      name: {{ .name }}
      namespace: {{ .namespace }}
    {{- end }}
{{- end }}
