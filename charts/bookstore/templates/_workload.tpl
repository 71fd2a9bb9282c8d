{{/* How a Deployment rolls: a new pod is there before an old one goes. The sidecars of clients hear of it a moment after it is ready. */}}
{{- define "bookstore.rollout" -}}
minReadySeconds: {{ .Values.minReadySeconds }}
strategy:
  type: RollingUpdate
  rollingUpdate:
    maxUnavailable: 0
    maxSurge: 1
{{- end }}

{{/* What all pods have in common. Takes root, app, version. */}}
{{- define "bookstore.podDefaults" -}}
{{- $values := .root.Values -}}
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
{{- end }}

{{/* What all containers have in common. Takes root and the values of the app. */}}
{{- define "bookstore.containerDefaults" -}}
image: {{ include "bookstore.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
ports:
  - name: web
    containerPort: 14001
  - name: metrics
    containerPort: 9464
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
  {{- toYaml .values.resources | nindent 2 }}
securityContext:
  {{- include "bookstore.containerSecurity" . | nindent 2 }}
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

{{/* Where a shopper keeps its record. Takes the values of the app. */}}
{{- define "bookstore.recordVolume" -}}
{{- with .values.recordClaim -}}
persistentVolumeClaim: {claimName: {{ . | quote }}}
{{- else -}}
emptyDir: {sizeLimit: 128Mi}
{{- end }}
{{- end }}

{{/* Environment of every app. Takes root, name, and the values of the app. */}}
{{- define "bookstore.environment" -}}
{{- $values := .root.Values -}}
- {name: LOG_FORMAT, value: {{ $values.logFormat | quote }}}
- {name: LOG_LEVEL, value: {{ $values.logLevel | quote }}}
- {name: DRAIN_WAIT_MS, value: {{ mul $values.drainSeconds 1000 | quote }}}
{{- /* a stop that hangs is ended by the program itself, with a line in its log, before Kubernetes kills it without a word */}}
- {name: SHUTDOWN_DEADLINE_MS, value: {{ mul (sub $values.terminationGracePeriodSeconds 2) 1000 | quote }}}
{{- with $values.otlpEndpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
- {name: OTEL_EXPORTER_OTLP_PROTOCOL, value: {{ $values.otlpProtocol | quote }}}
- {name: OTEL_SERVICE_NAME, value: {{ $.name | quote }}}
- {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
- {name: POD_UID, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
- {name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
- {name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
- name: OTEL_RESOURCE_ATTRIBUTES
  value: service.namespace=bookstore,service.instance.id=$(POD_UID),k8s.namespace.name=$(POD_NAMESPACE),k8s.pod.name=$(POD_NAME),k8s.pod.uid=$(POD_UID),k8s.node.name=$(NODE_NAME),k8s.deployment.name={{ $.name }}
{{- end }}
{{- range $name, $value := .values.env }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{/* A Service with the contract's port. Takes root, app, name, component, namespace, portName, selector, and clusterIP for a headless one. */}}
{{- define "bookstore.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "bookstore.labels" . | nindent 4 }}
spec:
  {{- with .clusterIP }}
  clusterIP: {{ . }}
  {{- end }}
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
