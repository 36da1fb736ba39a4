{{/*
The configuration of one service as JSON: what all have alike, the stores it names, its own sections from values.
Arguments: dict "root" $ "name" <service> "service" <its values>. Keys are those of proto/tilts/config/v1/config.proto.
*/}}
{{- define "tilts.config" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{- $name := .name -}}
{{- $service := .service -}}
{{- $snake := $name | replace "-" "_" -}}
{{- $sources := printf "/opt/tilts/services/%s" $snake -}}
{{- $trusted := list -}}
{{- $peers := dict -}}
{{- range $other, $its := $values.services -}}
{{-   $trusted = append $trusted (dict "issuer" $other "public_key_file" (printf "/etc/tilts/trust/%s.pub" $other)) -}}
{{-   if has $other $service.calls -}}
{{-     $_ := set $peers $other (printf "%s:%d" (include "tilts.object" (dict "root" $root "name" $other)) (int $its.ports.rpc)) -}}
{{-   end -}}
{{- end -}}
{{- $auth := dict "signing_key_file" (printf "/run/secrets/%s.key" $name) "trusted_keys" $trusted "grant_cache_file" (printf "/var/lib/tilts/%s.grants" $name) -}}
{{- $config := dict "environment" $values.environment "log_level" $values.logLevel "data_dir" (printf "%s/data" $sources) "auth" $auth "peers" $peers -}}
{{- $_ := set $config "rpc" (dict "address" "0.0.0.0" "port" (int $service.ports.rpc)) -}}
{{- $_ := set $config "metrics" (dict "address" "0.0.0.0" "port" (int $service.ports.metrics)) -}}
{{- if $service.ports.http -}}
{{-   $_ := set $config "http" (dict "address" "0.0.0.0" "port" (int $service.ports.http)) -}}
{{- end -}}
{{- $_ := set $config "shutdown" (dict "drain" "3s" "budget" "7s") -}}
{{- if $values.tracing.otlpEndpoint -}}
{{-   $_ := set $config "tracing" (dict "otlp_endpoint" $values.tracing.otlpEndpoint "sample_ratio" $values.tracing.sampleRatio) -}}
{{- end -}}
{{- if has "postgres" $service.stores -}}
{{-   $_ := set $config "migrations_dir" (printf "%s/migrations" $sources) -}}
{{-   $_ := set $config "postgres" (dict "host" $values.postgres.host "port" (int $values.postgres.port) "database" $values.postgres.database "user" (printf "tilts_%s" $snake) "schema" $snake "password_file" (printf "/run/secrets/%s.password" $name)) -}}
{{- end -}}
{{- if has "kafka" $service.stores -}}
{{-   $kafka := dict "brokers" $values.kafka.brokers -}}
{{-   if $values.kafka.username -}}
{{-     $_ := set $kafka "username" $values.kafka.username -}}
{{-     $_ := set $kafka "password_file" "/run/secrets/kafka.password" -}}
{{-   end -}}
{{-   $_ := set $config "kafka" $kafka -}}
{{- end -}}
{{- if has "redis" $service.stores -}}
{{-   $redis := dict "host" $values.redis.host "port" (int $values.redis.port) -}}
{{-   if $values.redis.passwordSecret.name -}}
{{-     $_ := set $redis "password_file" "/run/secrets/redis.password" -}}
{{-   end -}}
{{-   $_ := set $config "redis" $redis -}}
{{- end -}}
{{- mergeOverwrite $config (deepCopy $service.config) | toPrettyJson -}}
{{- end }}
