{{- define "guardian.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "guardian.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "guardian.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "guardian.server" -}}{{ include "guardian.fullname" . }}-server{{- end -}}
{{- define "guardian.nodeAgent" -}}{{ include "guardian.fullname" . }}-node-agent{{- end -}}
{{- define "guardian.clusterMonitor" -}}{{ include "guardian.fullname" . }}-cluster-monitor{{- end -}}

{{/* Labels of all objects of a component: list of the root and the component's name. */}}
{{- define "guardian.labels" -}}
{{- $root := index . 0 -}}
{{- include "guardian.selectorLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: guardian
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "guardian.selectorLabels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "guardian.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* An image with its tag or digest: list of the root and the component's image values. */}}
{{- define "guardian.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- $name := $image.repository -}}
{{- with $root.Values.image.registry }}{{ $name = printf "%s/%s" (trimSuffix "/" .) $image.repository }}{{ end -}}
{{- if $image.digest -}}
{{ printf "%s@%s" $name $image.digest }}
{{- else -}}
{{ printf "%s:%s" $name (default $root.Chart.AppVersion $image.tag) }}
{{- end -}}
{{- end -}}

{{- define "guardian.serverUrl" -}}
{{- if .Values.server.enabled -}}
https://{{ include "guardian.server" . }}.{{ .Release.Namespace }}.svc:{{ .Values.server.port }}
{{- else -}}
{{ required "server.url must be given when server.enabled is false, such as https://guardian.example.net:8480" .Values.server.url }}
{{- end -}}
{{- end -}}

{{- define "guardian.clusterName" -}}
{{ required "clusterName must be given: it is how policies and people name this cluster" .Values.clusterName }}
{{- end -}}

{{/* Namespaces whose pods are never deleted, Guardian's own among them. */}}
{{- define "guardian.protectedNamespaces" -}}
{{- append .Values.protectedNamespaces .Release.Namespace | uniq | toJson -}}
{{- end -}}

{{/* What every pod says. */}}
{{- define "guardian.podBasics" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
enableServiceLinks: false
{{- end -}}

{{/* Where pods run: the component's values. */}}
{{- define "guardian.placement" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
{{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
{{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A container that needs nothing of the node. */}}
{{- define "guardian.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "guardian.registrationVolume" -}}
- name: registration
  secret:
    secretName: {{ .Values.registration.existingSecret }}
    defaultMode: 288 # 0440, which YAML 1.1 and 1.2 read differently
    items:
      - key: {{ .Values.registration.key }}
        path: code
{{- end -}}

{{/* The port of a server elsewhere. */}}
{{- define "guardian.serverPort" -}}
{{- $host := (urlParse (include "guardian.serverUrl" .)).host -}}
{{- regexMatch ":[0-9]+$" $host | ternary (regexFind "[0-9]+$" $host) "443" -}}
{{- end -}}
