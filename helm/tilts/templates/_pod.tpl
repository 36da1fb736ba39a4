{{/* Parts of every pod, of services and of jobs alike. */}}
{{- define "tilts.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "tilts.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Replicas tell themselves apart by their number, so that a restarted one is the same member of its group. */}}
{{- define "tilts.environment" -}}
{{- $values := .root.Values -}}
- name: TILTS_INSTANCE
  valueFrom:
    fieldRef:
      fieldPath: {{ if eq .service.workload "StatefulSet" }}metadata.labels['apps.kubernetes.io/pod-index']{{ else }}metadata.name{{ end }}
{{- if has "postgres" .service.stores }}
- {name: PGSSLMODE, value: {{ $values.postgres.sslMode | quote }}}
{{- if $values.postgres.caSecret.name }}
- {name: PGSSLROOTCERT, value: /run/secrets/postgres-ca.crt}
{{- end }}
{{- end }}
{{- if and (has "kafka" .service.stores) $values.kafka.caSecret.name }}
- {name: SSL_CERT_FILE, value: /run/secrets/kafka-ca.crt}
{{- end }}
{{- end }}

{{/* One folder of secrets, each file by reference to a Secret that somebody else made. */}}
{{- define "tilts.secretVolume" -}}
{{- $values := .root.Values -}}
name: secrets
projected:
  defaultMode: 0440
  sources:
    - secret:
        name: {{ include "tilts.secret" . }}
        items:
          - {key: {{ .name }}.key, path: {{ .name }}.key}
          {{- range .service.keys }}
          - {key: {{ . }}, path: {{ . }}}
          {{- end }}
    {{- if has "postgres" .service.stores }}
    - secret:
        name: {{ include "tilts.secret" . }}-postgres
        items: [{key: password, path: {{ .name }}.password}]
    {{- with $values.postgres.caSecret.name }}
    - secret: {name: {{ . }}, items: [{key: {{ $values.postgres.caSecret.key }}, path: postgres-ca.crt}]}
    {{- end }}
    {{- end }}
    {{- if has "kafka" .service.stores }}
    {{- if $values.kafka.username }}
    - secret: {name: {{ $values.kafka.passwordSecret.name }}, items: [{key: {{ $values.kafka.passwordSecret.key }}, path: kafka.password}]}
    {{- end }}
    {{- with $values.kafka.caSecret.name }}
    - secret: {name: {{ . }}, items: [{key: {{ $values.kafka.caSecret.key }}, path: kafka-ca.crt}]}
    {{- end }}
    {{- end }}
    {{- if has "redis" .service.stores }}
    {{- with $values.redis.passwordSecret.name }}
    - secret: {name: {{ . }}, items: [{key: {{ $values.redis.passwordSecret.key }}, path: redis.password}]}
    {{- end }}
    {{- end }}
{{- end }}

{{- define "tilts.mounts" -}}
- {name: config, mountPath: /etc/tilts/config.json, subPath: config.json, readOnly: true}
- {name: secrets, mountPath: /run/secrets, readOnly: true}
- {name: trust, mountPath: /etc/tilts/trust, readOnly: true}
{{- end }}
