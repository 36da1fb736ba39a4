{{/* Names and labels. Arguments: dict "root" $ "name" <service>. */}}
{{- define "tilts.object" -}}
{{ printf "%s-%s" (.root.Release.Name | trunc 30 | trimSuffix "-") .name }}
{{- end }}

{{- define "tilts.selector" -}}
app.kubernetes.io/part-of: tilts
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "tilts.labels" -}}
{{ include "tilts.selector" . }}
app.kubernetes.io/name: {{ printf "tilts-%s" .name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "tilts.image" -}}
{{- $image := .root.Values.image -}}
{{ printf "%s/%s:%s" $image.repository .name (default .root.Chart.AppVersion $image.tag) }}
{{- end }}

{{/* Secrets are named, never made: tilts-registry, tilts-registry-postgres, … */}}
{{- define "tilts.secret" -}}
{{ printf "%s-%s" .root.Values.secrets.prefix .name }}
{{- end }}
