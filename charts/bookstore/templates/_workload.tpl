{{/*
A Deployment of one of our programs. Takes root, app, name, version, component, namespace, account, values (resources, env, podAnnotations),
command, and if needed args, environment (list), volumes (list), mounts (list), replicas, recreate, directPort, token, checksums.
*/}}
{{- define "bookstore.deployment" -}}
{{- $values := .root.Values -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.labels" . | nindent 4 }}
spec:
  {{- if hasKey . "replicas" }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  {{- if not .recreate }}
  {{- /* the sidecars of clients hear of a new pod a moment after it is ready; until then the old one must stay */}}
  minReadySeconds: {{ $values.minReadySeconds }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "bookstore.selectorLabels" . | nindent 6 }}
  strategy:
    {{- if .recreate }}
    type: Recreate
    {{- else }}
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
    {{- end }}
  template:
    metadata:
      labels:
        {{- include "bookstore.podLabels" . | nindent 8 }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ .app }}
        {{- range $name, $text := .checksums }}
        checksum/{{ $name }}: {{ $text | sha256sum }}
        {{- end }}
        {{- include "bookstore.meshAnnotations" . | trim | nindent 8 }}
        {{- with .values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "bookstore.podSpec" . | nindent 6 }}
{{- end }}

{{- define "bookstore.podSpec" -}}
{{- $values := .root.Values -}}
serviceAccountName: {{ .account }}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- include "bookstore.scheduling" . }}
containers:
  - name: {{ .app }}
    image: {{ include "bookstore.image" .root | quote }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    command: [{{ .command | quote }}]
    {{- with .args }}
    args: {{ toJson . }}
    {{- end }}
    ports:
      - name: web
        containerPort: 14001
      - name: metrics
        containerPort: 9464
    env:
      {{- include "bookstore.environment" . | nindent 6 }}
    startupProbe:
      httpGet: {path: /startup, port: web}
      periodSeconds: 1
      timeoutSeconds: 2
      failureThreshold: 60
    livenessProbe:
      httpGet: {path: /liveness, port: web}
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 3
    readinessProbe:
      httpGet: {path: /readiness, port: web}
      periodSeconds: 2
      timeoutSeconds: 2
      failureThreshold: 2
    resources:
      {{- toYaml .values.resources | nindent 6 }}
    securityContext:
      {{- include "bookstore.containerSecurity" . | nindent 6 }}
    {{- with .mounts }}
    volumeMounts:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- with .volumes }}
volumes:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Pods of one kind are spread over nodes where that is possible. */}}
{{- define "bookstore.scheduling" -}}
{{- $values := .root.Values }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "bookstore.selectorLabels" . | nindent 8 }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "bookstore.environment" -}}
{{- $values := .root.Values -}}
{{- range .environment }}
- {{ toJson . }}
{{- end }}
- {name: LOG_FORMAT, value: {{ $values.logFormat | quote }}}
- {name: LOG_LEVEL, value: {{ $values.logLevel | quote }}}
- {name: DRAIN_WAIT_MS, value: {{ mul $values.drainSeconds 1000 | quote }}}
{{- /* a stop that hangs is ended by the program itself, with a line in its log, before Kubernetes kills it without a word */}}
- {name: SHUTDOWN_DEADLINE_MS, value: {{ mul (sub $values.terminationGracePeriodSeconds 2) 1000 | quote }}}
{{- with $values.otlpEndpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
- {name: OTEL_SERVICE_NAME, value: {{ $.name | quote }}}
{{- end }}
{{- range $name, $value := .values.env }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{/* A Service with the contract's port. Takes root, app, name, component, namespace, portName, selector. */}}
{{- define "bookstore.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.labels" . | nindent 4 }}
spec:
  ports:
    - name: {{ .portName }}
      port: 14001
      targetPort: web
      appProtocol: http
  selector:
    {{- toYaml .selector | nindent 4 }}
{{- end }}

{{- define "bookstore.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end }}
