{{/* Who may reach one service and what it may reach: the call graph and the stores of values.services. */}}
{{- define "tilts.networkPolicy" -}}
{{- $root := .root -}}
{{- $name := .name -}}
{{- $service := .service -}}
{{- $network := .root.Values.networkPolicy -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "tilts.object" . }}
  labels: {{- include "tilts.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "tilts.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports: [{port: {{ $service.ports.rpc }}}]
      from:
        # An operator's tiltsctl runs in a pod with this label.
        - podSelector: {matchLabels: {{ include "tilts.selector" (dict "root" $root "name" "tiltsctl") | fromYaml | toJson }}}
        {{- range $caller, $its := $root.Values.services }}
        {{- if has $name $its.calls }}
        - podSelector: {matchLabels: {{ include "tilts.selector" (dict "root" $root "name" $caller) | fromYaml | toJson }}}
        {{- end }}
        {{- end }}
        {{- if and $root.Values.grpcIngress.enabled (hasKey $root.Values.grpcIngress.contracts $name) }}
        {{- toYaml $network.ingressFrom | nindent 8 }}
        {{- end }}
    - ports: [{port: {{ $service.ports.metrics }}}]
      from: {{- toYaml $network.metricsFrom | nindent 8 }}
    {{- if $service.ports.http }}
    - ports: [{port: {{ $service.ports.http }}}]
      from: {{- toYaml $network.ingressFrom | nindent 8 }}
    {{- end }}
  egress:
    {{- include "tilts.dnsEgress" . | nindent 4 }}
    {{- range $callee := $service.calls }}
    - ports: [{port: {{ (index $root.Values.services $callee).ports.rpc }}}]
      to: [{podSelector: {matchLabels: {{ include "tilts.selector" (dict "root" $root "name" $callee) | fromYaml | toJson }}}}]
    {{- end }}
    {{- range $store := $service.stores }}
    {{- with index $network.stores $store }}
    - ports: {{ .ports | toJson }}
      to: {{ .to | toJson }}
    {{- end }}
    {{- end }}
    {{- if $service.outbound }}
    # Institutions' endpoints on the Internet; the service itself refuses private addresses too.
    - ports: {{ $network.outbound.ports | toJson }}
      to: [{ipBlock: {cidr: 0.0.0.0/0, except: {{ $network.outbound.except | toJson }}}}]
    {{- end }}
    {{- with $network.traces }}
    - ports: {{ .ports | toJson }}
      to: {{ .to | toJson }}
    {{- end }}
{{- end }}

{{- define "tilts.dnsEgress" -}}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
  to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
{{- end }}
