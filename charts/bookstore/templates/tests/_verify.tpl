{{/* A Job of `helm test` that runs the CLI. Takes root, name, arguments (list). */}}
{{- define "bookstore.verifyJob" -}}
{{- $scope := dict "root" .root "app" "bookstore-verify" "version" "v1" "component" "test" -}}
{{- $values := .root.Values -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .name }}
  namespace: {{ $values.namespaces.bookbuyer }}
  labels:
    {{- include "bookstore.labels" $scope | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 0
  activeDeadlineSeconds: {{ add $values.test.timeoutSeconds 120 }}
  template:
    metadata:
      labels:
        {{- include "bookstore.podLabels" $scope | nindent 8 }}
      annotations:
        kubectl.kubernetes.io/default-container: verify
        {{- include "bookstore.meshAnnotations" $scope | trim | nindent 8 }}
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
          {{- $quit := ternary (list) (list "--quit-sidecar" $values.mesh) (eq $values.mesh "none") }}
          args: {{ concat .arguments $quit | toJson }}
          resources:
            requests: {cpu: 20m, memory: 64Mi}
            limits: {memory: 256Mi}
          securityContext:
            {{- include "bookstore.containerSecurity" . | nindent 12 }}
{{- end }}
