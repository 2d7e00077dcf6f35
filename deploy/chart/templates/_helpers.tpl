{{- define "evistore.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "evistore.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "evistore.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* What tells the pods of a role apart. (root, role) */}}
{{- define "evistore.selector" -}}
app.kubernetes.io/name: {{ include "evistore.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "evistore.labels" -}}
{{ include "evistore.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "evistore.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "evistore.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "evistore.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* What all pods of the program have in common. (root) */}}
{{- define "evistore.pod" -}}
serviceAccountName: {{ .root.Values.serviceAccount.name }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "evistore.podSecurity" . | nindent 2 }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
volumes:
  - name: tmp
    emptyDir: {medium: Memory, sizeLimit: 64Mi}
{{- end }}

{{- define "evistore.container" -}}
image: {{ include "evistore.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- include "evistore.containerSecurity" . | nindent 2 }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
{{- end }}

{{/* Where a server or consumer goes. (root, role, of) */}}
{{- define "evistore.placement" -}}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "evistore.selector" $ | nindent 8 }}
  {{- end }}
{{- with .of.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* One variable from a credential, where it is given; from *made*, a Secret of this chart, or from one that exists. (root, name, variable, made) */}}
{{- define "evistore.credential" -}}
{{- $one := index .root.Values.credentials .name -}}
{{- $bundled := and .root.Values.database.bundled (has .name (list "databaseUrl" "adminDatabaseUrl")) -}}
{{- if and $one.secret (not $bundled) }}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef: {name: {{ $one.secret | quote }}, key: {{ $one.key | default .name | quote }}}
{{- else if or $one.value $bundled }}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef: {name: {{ .made | quote }}, key: {{ .name | quote }}}
{{- end }}
{{- end }}

{{/* The value that this chart's Secret gets for a credential; empty where it gets none. (root, name) */}}
{{- define "evistore.secretValue" -}}
{{- $one := index .root.Values.credentials .name -}}
{{- $users := dict "databaseUrl" "evistore_program" "adminDatabaseUrl" "evistore_admin" -}}
{{- if and .root.Values.database.bundled (hasKey $users .name) -}}
{{- $password := required "database.password is needed with database.bundled" .root.Values.database.password -}}
{{- printf "postgresql://%s:%s@%s-database/evistore" (get $users .name) $password (include "evistore.fullname" .root) -}}
{{- else if not $one.secret -}}
{{- $one.value -}}
{{- end -}}
{{- end }}

{{/* The entries of a Secret: those of *names* that this chart has to keep. (root, names) */}}
{{- define "evistore.secretData" -}}
{{- range $name := .names }}
{{- with include "evistore.secretValue" (dict "root" $.root "name" $name) }}
{{ $name }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* Nothing, or an error where a login of the database is not given. (root, name) */}}
{{- define "evistore.needsDatabase" -}}
{{- $one := index .root.Values.credentials .name -}}
{{- if not (or .root.Values.database.bundled $one.secret $one.value) -}}
{{- fail (printf "credentials.%s is needed: a URL as value, or the name of a Secret that holds it" .name) -}}
{{- end -}}
{{- end }}

{{/* Variables of migrate and maintain. (root, made) */}}
{{- define "evistore.adminEnvironment" -}}
{{- include "evistore.needsDatabase" (dict "root" .root "name" "adminDatabaseUrl") -}}
{{- include "evistore.credential" (dict "root" .root "made" .made "name" "adminDatabaseUrl" "variable" "EVISTORE_DATABASE_URL") -}}
{{- include "evistore.credential" (dict "root" .root "made" .made "name" "clustersAdminDatabaseUrl" "variable" "EVISTORE_CLUSTERS_DATABASE_URL") -}}
{{- end }}

{{/* Variables of serve or consume: each gets the credentials it uses. (root, role) */}}
{{- define "evistore.programEnvironment" -}}
{{- $made := printf "%s-program" (include "evistore.fullname" .root) -}}
{{- include "evistore.needsDatabase" (dict "root" .root "name" "databaseUrl") -}}
{{- $variables := dict "databaseUrl" "EVISTORE_DATABASE_URL" "clustersDatabaseUrl" "EVISTORE_CLUSTERS_DATABASE_URL" -}}
{{- if eq .role "serve" -}}
{{- $variables = merge $variables (dict "readDatabaseUrl" "EVISTORE_READ_DATABASE_URL" "httpTokens" "EVISTORE_HTTP_TOKENS" "httpSignatureSecret" "EVISTORE_HTTP_SIGNATURE_SECRET") -}}
{{- else -}}
{{- $variables = merge $variables (dict "kafkaOptions" "EVISTORE_KAFKA_OPTIONS") -}}
{{- end -}}
{{- range $name, $variable := $variables -}}
{{- include "evistore.credential" (dict "root" $.root "made" $made "name" $name "variable" $variable) -}}
{{- end -}}
{{- end }}

{{/* True where senders have to show a token or a signature. */}}
{{- define "evistore.guarded" -}}
{{- with .Values.credentials -}}
{{- if or .httpTokens.value .httpTokens.secret .httpSignatureSecret.value .httpSignatureSecret.secret }}true{{ end -}}
{{- end -}}
{{- end }}

{{/*
Variables that are no secrets: those of several maps, of which a later one wins. sprig's merge would take false and "" for nothing. Numbers come as
floats, and large ones would be written with an exponent. (a list of maps)
*/}}
{{- define "evistore.plain" -}}
{{- $all := dict }}
{{- range $map := . }}
{{- range $name, $value := $map }}
{{- $_ := set $all $name $value }}
{{- end }}
{{- end }}
{{- range $name, $value := $all }}
{{- if and (kindIs "float64" $value) (eq $value (floor $value)) }}
{{- $value = int64 $value }}
{{- end }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{/* A HorizontalPodAutoscaler and a PodDisruptionBudget for a Deployment. (root, role, of) */}}
{{- define "evistore.steady" -}}
{{- $name := printf "%s-%s" (include "evistore.fullname" .root) .role }}
{{- if .of.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  labels:
    {{- include "evistore.labels" . | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ $name }}}
  minReplicas: {{ .of.autoscaling.min }}
  maxReplicas: {{ .of.autoscaling.max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ .of.autoscaling.cpu }}}
  behavior:
    # Each change of the number of consumers makes them share their partitions anew.
    scaleDown: {stabilizationWindowSeconds: 600}
{{- end }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels:
    {{- include "evistore.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "evistore.selector" . | nindent 6 }}
{{- end }}
