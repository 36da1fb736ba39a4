{{/* What stands around one workload. Arguments: dict "root" $ "name" <service> "service" <its values>. */}}
{{- define "tilts.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "tilts.object" . }}
  labels: {{- include "tilts.labels" . | nindent 4 }}
data:
  config.json: |
    {{- include "tilts.config" . | nindent 4 }}
{{- end }}

{{- define "tilts.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "tilts.object" . }}
  labels: {{- include "tilts.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end }}

{{- define "tilts.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "tilts.object" . }}
  labels: {{- include "tilts.labels" . | nindent 4 }}
spec:
  selector: {{- include "tilts.selector" . | nindent 4 }}
  ports:
    {{- range $port, $number := .service.ports }}
    - {name: {{ $port }}, port: {{ $number }}, targetPort: {{ $port }}{{ if eq $port "rpc" }}, appProtocol: kubernetes.io/h2c{{ end }}}
    {{- end }}
{{- end }}

{{- define "tilts.podsService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "tilts.object" . }}-pods
  labels: {{- include "tilts.labels" . | nindent 4 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {{- include "tilts.selector" . | nindent 4 }}
  ports: [{name: rpc, port: {{ .service.ports.rpc }}, targetPort: rpc}]
{{- end }}

{{- define "tilts.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "tilts.object" . }}
  labels: {{- include "tilts.labels" . | nindent 4 }}
spec:
  # One at a time, and a node can always be drained: also of a service with one replica, which loses nothing by it.
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "tilts.selector" . | nindent 6 }}
{{- end }}

{{- define "tilts.autoscaler" -}}
{{- $scaling := .service.autoscaling -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "tilts.object" . }}
  labels: {{- include "tilts.labels" . | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: {{ .service.workload }}, name: {{ include "tilts.object" . }}}
  minReplicas: {{ $scaling.minReplicas }}
  maxReplicas: {{ $scaling.maxReplicas }}
  metrics:
    {{- if $scaling.lag }}
    # Every replica reports the whole group's lag; the adapter takes the greatest, the autoscaler divides by the replicas.
    - type: External
      external:
        metric:
          name: {{ .root.Values.lagMetric }}
          selector: {matchLabels: {job: {{ .name | replace "-" "_" }}}}
        target: {type: AverageValue, averageValue: {{ $scaling.lag | quote }}}
    {{- else }}
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: {{ $scaling.cpu }}}}
    {{- end }}
  behavior:
    # A new member stops its group for a moment, so members come in pairs of minutes and leave slowly.
    scaleUp: {stabilizationWindowSeconds: {{ if $scaling.lag }}120{{ else }}30{{ end }}, policies: [{type: Pods, value: 2, periodSeconds: 120}]}
    scaleDown: {stabilizationWindowSeconds: 900, policies: [{type: Pods, value: 1, periodSeconds: 300}]}
{{- end }}
