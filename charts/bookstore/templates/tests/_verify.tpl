{{/* A Job of `helm test` that runs the CLI. Takes root, name, arguments (list); isOutside for one without a sidecar, hasPolicies for one with /policies, seconds it may take. */}}
{{- define "bookstore.verifyJob" -}}
{{- $scope := dict "root" .root "app" "bookstore-verify" "version" "v1" "component" "test" -}}
{{- $values := .root.Values -}}
{{- $mesh := $values.mesh -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .name }}
  namespace: {{ $values.namespaces.bookbuyer }}
  labels:
    {{- include "bookstore.labels" $scope | nindent 4 }}
  annotations:
    helm.sh/hook: test
    {{- /* one after the other: a proof disturbs what the others judge */}}
    helm.sh/hook-weight: {{ default 0 .weight | quote }}
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 0
  activeDeadlineSeconds: {{ add (default $values.tests.timeoutSeconds .seconds) 120 }}
  template:
    metadata:
      labels:
        {{- include "bookstore.podLabels" $scope | nindent 8 }}
        {{- if .isOutside }}
        sidecar.istio.io/inject: "false"
        {{- end }}
      annotations:
        kubectl.kubernetes.io/default-container: verify
        {{- if .isOutside }}
        openservicemesh.io/sidecar-injection: disabled
        linkerd.io/inject: disabled
        {{- else }}
        {{- include "bookstore.meshAnnotations" $scope | trim | nindent 8 }}
        {{- end }}
    spec:
      restartPolicy: Never
      serviceAccountName: bookstore-verify
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with $values.imagePullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: verify
          image: {{ include "bookstore.image" .root | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          command: [/bookstore-cli]
          {{- $quit := ternary (list) (list "--quit-sidecar" $mesh) (or (eq $mesh "none") (eq true .isOutside)) }}
          args: {{ concat .arguments $quit | toJson }}
          resources:
            requests: {cpu: 20m, memory: 64Mi}
            limits: {memory: 256Mi}
          securityContext:
            {{- include "bookstore.containerSecurity" . | nindent 12 }}
          {{- if .hasPolicies }}
          volumeMounts:
            - {name: policies, mountPath: /policies, readOnly: true}
          {{- end }}
      {{- if .hasPolicies }}
      volumes:
        - name: policies
          configMap: {name: bookstore-promises}
      {{- end }}
{{- end }}
