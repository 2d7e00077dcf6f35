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
  {{- range $number, $mount := .root.Values.mounts }}
  - name: mount-{{ $number }}
    {{- if $mount.secret }}
    secret: {secretName: {{ $mount.secret | quote }}, defaultMode: 288}
    {{- else }}
    configMap: {name: {{ $mount.configMap | quote }}}
    {{- end }}
  {{- end }}
  {{- if .root.Values.credentialFiles }}
  - name: credentials
    projected:
      # Read by the owner and the group, which is that of the program: 0440.
      defaultMode: 288
      sources:
        {{- $given := include "evistore.given" . | fromJson }}
        {{- range $name, $one := $given }}
        - secret: {name: {{ $one.secret | quote }}, items: [{key: {{ $one.key | quote }}, path: {{ $name }}}]}
        {{- end }}
  {{- end }}
{{- end }}

{{- define "evistore.container" -}}
image: {{ include "evistore.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- include "evistore.containerSecurity" . | nindent 2 }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- range $number, $mount := .root.Values.mounts }}
  - {name: mount-{{ $number }}, mountPath: {{ $mount.path | quote }}, readOnly: true}
  {{- end }}
  {{- if .root.Values.credentialFiles }}
  - {name: credentials, mountPath: /run/secrets/evistore, readOnly: true}
  {{- end }}
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

{{/* Variables by credential: each role gets those that it uses. As JSON. (role) */}}
{{- define "evistore.variables" -}}
{{- if has .role (list "migrate" "maintain") -}}
{{- dict "adminDatabaseUrl" "EVISTORE_DATABASE_URL" "clustersAdminDatabaseUrl" "EVISTORE_CLUSTERS_DATABASE_URL" "adminDatabasePassword" "EVISTORE_DATABASE_PASSWORD" | toJson -}}
{{- else -}}
{{- $all := dict "databaseUrl" "EVISTORE_DATABASE_URL" "clustersDatabaseUrl" "EVISTORE_CLUSTERS_DATABASE_URL" "databasePassword" "EVISTORE_DATABASE_PASSWORD" -}}
{{- if eq .role "serve" -}}
{{- merge $all (dict "readDatabaseUrl" "EVISTORE_READ_DATABASE_URL" "httpTokens" "EVISTORE_HTTP_TOKENS" "httpSignatureSecret" "EVISTORE_HTTP_SIGNATURE_SECRET") | toJson -}}
{{- else -}}
{{- merge $all (dict "kafkaOptions" "EVISTORE_KAFKA_OPTIONS" "kafkaSaslPassword" "EVISTORE_KAFKA_SASL_PASSWORD") | toJson -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The Secret of this chart that has a role's credentials. (root, role) */}}
{{- define "evistore.made" -}}
{{- $role := ternary "admin" "program" (has .role (list "migrate" "maintain")) -}}
{{- if and (eq .role "migrate") (not .root.Values.database.bundled) -}}
{{- $role = "migrate" -}}
{{- end -}}
{{- printf "%s-%s" (include "evistore.fullname" .root) $role -}}
{{- end }}

{{/* Where the credentials stand that are given to a role: Secret and key by name, from one of this chart or from one that exists. As JSON. (root, role) */}}
{{- define "evistore.given" -}}
{{- $given := dict -}}
{{- range $name, $_ := include "evistore.variables" . | fromJson -}}
{{- $one := index $.root.Values.credentials $name -}}
{{- $bundled := and $.root.Values.database.bundled (has $name (list "databaseUrl" "adminDatabaseUrl")) -}}
{{- if and $one.secret (not $bundled) -}}
{{- $_ := set $given $name (dict "secret" $one.secret "key" ($one.key | default $name)) -}}
{{- else if or $one.value $bundled -}}
{{- $_ := set $given $name (dict "secret" (include "evistore.made" $) "key" $name) -}}
{{- end -}}
{{- end -}}
{{- toJson $given -}}
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

{{/* Variables of a role that are secrets, or that name their files. (root, role) */}}
{{- define "evistore.credentials" -}}
{{- include "evistore.needsDatabase" (dict "root" .root "name" (ternary "adminDatabaseUrl" "databaseUrl" (has .role (list "migrate" "maintain")))) -}}
{{- $variables := include "evistore.variables" . | fromJson -}}
{{- range $name, $one := include "evistore.given" . | fromJson }}
{{- if $.root.Values.credentialFiles }}
- name: {{ index $variables $name }}_FILE
  value: /run/secrets/evistore/{{ $name }}
{{- else }}
- name: {{ index $variables $name }}
  valueFrom:
    secretKeyRef: {name: {{ $one.secret | quote }}, key: {{ $one.key | quote }}}
{{- end }}
{{- end }}
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

{{/* What the server is asked by: HTTPS where it has a certificate of its own. */}}
{{- define "evistore.scheme" -}}
{{- ternary "HTTPS" "HTTP" (or (hasKey .Values.settings "EVISTORE_HTTP_TLS_CERTIFICATE") (hasKey .Values.serve.settings "EVISTORE_HTTP_TLS_CERTIFICATE")) -}}
{{- end }}
