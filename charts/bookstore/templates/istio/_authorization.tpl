{{/* The principal of an account. Takes root, namespace, name. */}}
{{- define "bookstore.principal" -}}
{{ .root.Values.istio.trustDomain }}/ns/{{ .namespace }}/sa/{{ .name }}
{{- end }}

{{/* Metadata of an AuthorizationPolicy for one app. Takes root, name, namespace, app. */}}
{{- define "bookstore.authorizationHead" -}}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.policyLabels" .root | nindent 4 }}
spec:
  selector:
    matchLabels:
      app: {{ .app }}
  action: ALLOW
{{- end }}
