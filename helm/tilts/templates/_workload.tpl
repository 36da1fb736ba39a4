{{/* The StatefulSet or Deployment of one service. Arguments: dict "root" $ "name" <service> "service" <its values>. */}}
{{- define "tilts.workload" -}}
{{- $values := .root.Values -}}
{{- $service := .service -}}
{{- $object := include "tilts.object" . -}}
{{- $kept := and (eq $service.workload "StatefulSet") $service.state.size -}}
apiVersion: apps/v1
kind: {{ $service.workload }}
metadata:
  name: {{ $object }}
  labels: {{- include "tilts.labels" . | nindent 4 }}
spec:
  {{- if not $service.autoscaling.enabled }}
  replicas: {{ $service.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  selector:
    matchLabels: {{- include "tilts.selector" . | nindent 6 }}
  {{- if eq $service.workload "StatefulSet" }}
  serviceName: {{ $object }}-pods
  podManagementPolicy: Parallel
  {{- else }}
  strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
  {{- end }}
  template:
    metadata:
      labels: {{- include "tilts.labels" . | nindent 8 }}
      annotations:
        tilts/config: {{ include "tilts.config" . | sha256sum | trunc 32 }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ $object }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext: {{- include "tilts.podSecurity" . | nindent 8 }}
      # The process is gone within ten seconds of SIGTERM, whatever hangs.
      terminationGracePeriodSeconds: 20
      {{- with $values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      topologySpreadConstraints:
        {{- range $key, $policy := $values.topologySpread }}
        - topologyKey: {{ $key }}
          maxSkew: 1
          whenUnsatisfiable: {{ $policy }}
          labelSelector: {matchLabels: {{ include "tilts.selector" (dict "root" $.root "name" $.name) | fromYaml | toJson }}}
        {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ include "tilts.image" . }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          args: [--config, /etc/tilts/config.json]
          env: {{- include "tilts.environment" . | nindent 12 }}
          ports:
            {{- range $port, $number := $service.ports }}
            - {name: {{ $port }}, containerPort: {{ $number }}}
            {{- end }}
          securityContext: {{- include "tilts.containerSecurity" . | nindent 12 }}
          resources: {{- toYaml $service.resources | nindent 12 }}
          {{- if $service.ports.http }}
          startupProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 2, failureThreshold: 60}
          livenessProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3}
          readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2}
          {{- else }}
          # Liveness depends on nothing; readiness falls with a store and on SIGTERM.
          startupProbe: {grpc: {port: {{ $service.ports.rpc }}, service: liveness}, periodSeconds: 2, failureThreshold: 60}
          livenessProbe: {grpc: {port: {{ $service.ports.rpc }}, service: liveness}, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3}
          readinessProbe: {grpc: {port: {{ $service.ports.rpc }}, service: readiness}, periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2}
          {{- end }}
          volumeMounts: {{- include "tilts.mounts" . | nindent 12 }}
            - {name: state, mountPath: /var/lib/tilts}
      volumes:
        - {name: config, configMap: {name: {{ $object }}}}
        - {name: trust, configMap: {name: {{ include "tilts.secret" (dict "root" .root "name" "trust") }}}}
        - {{- include "tilts.secretVolume" . | nindent 10 }}
        {{- if not $kept }}
        - {name: state, emptyDir: {sizeLimit: 256Mi}}
        {{- end }}
  {{- if $kept }}
  volumeClaimTemplates:
    - metadata: {name: state}
      spec:
        accessModes: [ReadWriteOnce]
        {{- with $values.storageClassName }}
        storageClassName: {{ . }}
        {{- end }}
        resources: {requests: {storage: {{ $service.state.size }}}}
  {{- end }}
{{- end }}
