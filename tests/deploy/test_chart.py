"""The chart for Kubernetes: what its examples become, and what it refuses."""

from __future__ import annotations

import json
import re

import httpx
import jsonschema_rs
import kubernetes_validate
import pytest
import yaml

from evistore.kernel.probes import answering
from evistore.web import health
from evistore.web.telemetry import Telemetry
from fixtures.brokers import free_ports
from fixtures.charts import CHART, EXAMPLES, ChartError, rendered
from fixtures.deploying import COMMANDS, SETTINGS, document
from fixtures.grafana import DASHBOARDS

SCHEMA = json.loads((CHART / "values.schema.json").read_text("utf-8"))
VALUES = document("chart/values.yaml")
FOREIGN = {"ServiceMonitor", "PrometheusRule"}
"""Kinds of the Prometheus operator, whose schemas do not come with those of Kubernetes."""
OLDEST, NEWEST = "1.27", kubernetes_validate.latest_version()
PRODUCTION = CHART / "examples/production.yaml"
BUNDLED = CHART / "examples/bundled.yaml"


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def chart(request):
    return rendered(request.param)


def given(tmp_path, text: str):
    path = tmp_path / "given.yaml"
    path.write_text(text, "utf-8")
    return path


def test_values_fit_the_schema(chart):
    jsonschema_rs.validate(SCHEMA, chart.values)


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_kubernetes_takes_every_manifest(chart, version):
    for manifest in chart.manifests:
        if manifest["kind"] not in FOREIGN:
            kubernetes_validate.validate(manifest, version, strict=True)


def test_nothing_is_there_twice(chart):
    assert len(chart.named()) == len(chart.manifests)


def test_every_role_is_a_command_with_settings_that_there_are(chart):
    for role, pod in chart.pods().items():
        [container] = pod["containers"]
        if role != "database":
            assert container["args"][0] == role
            assert role in COMMANDS
            names = [one["name"] for one in container["env"]]
            assert {name for name in names if not name.startswith("OTEL_")} <= SETTINGS
            assert len(names) == len(set(names))


def test_no_pod_runs_as_root_writes_its_image_or_knows_the_cluster(chart):
    for pod in chart.pods().values():
        [container] = pod["containers"]
        security = container["securityContext"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert security["readOnlyRootFilesystem"]
        assert not security["allowPrivilegeEscalation"]
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert not pod["automountServiceAccountToken"]
        assert "/tmp" in {one["mountPath"] for one in container["volumeMounts"]}
        assert {"memory"} <= set(container["resources"]["limits"])
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])


def test_probes_ask_what_the_program_answers(chart):
    def ready() -> None: ...

    pods = chart.pods()
    with answering(port := free_ports(1)[0], live=ready, ready=ready):
        told = {path: httpx.get(f"http://127.0.0.1:{port}{path}").status_code for path in ("/live", "/ready")}
    answered = {
        "serve": ({route.path for route in health.router(ready, Telemetry()).routes}, "/health"),
        "consume": ({path for path, status in told.items() if status == 200}, "/live"),
    }
    for role in {"serve", "consume"} & set(pods):
        [container] = pods[role]["containers"]
        probes = {one: container[f"{one}Probe"]["httpGet"] for one in ("startup", "liveness", "readiness")}
        known, live = answered[role]
        assert {one["path"] for one in probes.values()} <= known
        assert {one["port"] for one in probes.values()} == {port["name"] for port in container["ports"]}
        assert [probes[one]["path"] for one in probes] == [live, live, "/ready"]


def test_every_secret_that_is_used_is_made_or_named_in_the_values(chart):
    kept = {one["metadata"]["name"]: set(one["stringData"]) for one in chart.manifests if one["kind"] == "Secret"}
    named = {one["secret"]: {one["key"]} for one in chart.values["credentials"].values() if one["secret"]}
    for one in chart.values["credentials"].values():
        named.get(one["secret"], set()).add(one["key"])
    for pod in chart.pods().values():
        for secret, key in [*_in_variables(pod), *_in_files(pod).values()]:
            assert key in (kept | named)[secret]


def _in_variables(pod):
    found = (one.get("valueFrom", {}).get("secretKeyRef") for one in pod["containers"][0]["env"])
    return [(one["name"], one["key"]) for one in found if one]


def _in_files(pod):
    """Secret and key of each file below the folder of credentials."""
    volumes = {one["name"]: one for one in pod.get("volumes", ())}
    sources = [one["secret"] for one in volumes.get("credentials", {}).get("projected", {}).get("sources", ())]
    return {item["path"]: (one["name"], item["key"]) for one in sources for item in one["items"]}


def test_credentials_may_be_files_and_then_no_environment_has_them():
    for role, pod in rendered(PRODUCTION).pods().items():
        [container] = pod["containers"]
        folder = next(one["mountPath"] for one in container["volumeMounts"] if one["name"] == "credentials")
        named = {one["name"]: one["value"] for one in container["env"] if one["name"].endswith("_FILE")}
        assert _in_variables(pod) == []
        assert set(named.values()) == {f"{folder}/{path}" for path in _in_files(pod)}
        assert {"EVISTORE_DATABASE_URL_FILE"} <= set(named)
        assert ("EVISTORE_DATABASE_PASSWORD_FILE" in named) == (role in {"serve", "consume"})
        assert ("admin" in named["EVISTORE_DATABASE_URL_FILE"]) == (role in {"migrate", "maintain"})


def test_files_for_settings_are_mounted_everywhere():
    for pod in rendered(PRODUCTION).pods().values():
        mounts = {one["mountPath"]: one["name"] for one in pod["containers"][0]["volumeMounts"]}
        [volume] = [one for one in pod["volumes"] if one["name"] == mounts["/etc/evistore/authorities"]]
        assert volume["configMap"] == {"name": "authorities"}


def test_probes_and_prometheus_speak_https_where_the_server_does(tmp_path):
    told = (
        "serve: {settings: {EVISTORE_HTTP_TLS_CERTIFICATE: /tls/tls.crt}}\nmounts: [{secret: tls, path: /tls}]\n"
        "monitoring: {serviceMonitor: {enabled: true}}"
    )
    chart = rendered(CHART / "examples/minimal.yaml", given(tmp_path, told))
    [container] = chart.pods()["serve"]["containers"]
    for one in ("startup", "liveness", "readiness"):
        assert container[f"{one}Probe"]["httpGet"]["scheme"] == "HTTPS"
    monitors = [one["spec"] for one in chart.manifests if one["kind"] == "ServiceMonitor"]
    schemes = {one["endpoints"][0]["port"]: one["endpoints"][0].get("scheme") for one in monitors}
    assert schemes["http"] == "https"
    assert schemes.get("metrics") is None
    assert {"name": "mount-0", "secret": {"secretName": "tls", "defaultMode": 0o440}} in chart.pods()["serve"][
        "volumes"
    ]


def test_no_credential_stands_outside_of_secrets(chart):
    secrets = {one["value"] for one in chart.values["credentials"].values() if one["value"]}
    secrets |= {chart.values["database"]["password"]} - {""}
    others = json.dumps([one for one in chart.manifests if one["kind"] != "Secret"])
    assert [one for one in secrets if one in others] == []


def test_what_selects_pods_finds_those_of_one_role(chart):
    labels = {
        one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"]
        for one in chart.manifests
        if one["kind"] in {"Deployment", "StatefulSet"}
    }
    choosing = [
        one for one in chart.manifests if one["kind"] in {"Service", "PodDisruptionBudget", "Deployment", "StatefulSet"}
    ]
    assert choosing
    for one in choosing:
        selector = one["spec"]["selector"]
        wanted = selector.get("matchLabels", selector).items()
        assert [name for name, found in labels.items() if wanted <= found.items()] == [one["metadata"]["name"]]


def test_the_migration_runs_before_everything_else():
    chart = rendered(PRODUCTION)
    job = chart.of("Job", "-migrate")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert "before-hook-creation" in job["metadata"]["annotations"]["helm.sh/hook-delete-policy"]

    secret = rendered(CHART / "examples/minimal.yaml").of("Secret", "-migrate")
    assert secret["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert int(secret["metadata"]["annotations"]["helm.sh/hook-weight"]) < 0


def test_a_new_server_is_ready_before_an_old_one_goes_and_consumers_go_one_by_one():
    chart = rendered(PRODUCTION)
    strategies = {role: chart.of("Deployment", f"-{role}")["spec"]["strategy"] for role in ("serve", "consume")}
    assert strategies == {
        "serve": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "consume": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
    }


def test_with_a_bundled_database_the_migration_waits_for_it():
    job = rendered(BUNDLED).of("Job")
    assert job["metadata"]["name"].endswith("-migrate-1")
    assert "annotations" not in job["metadata"]
    assert job["spec"]["backoffLimit"] >= 10


def test_what_scales_has_no_number_of_replicas_of_its_own():
    chart = rendered(PRODUCTION)
    for role in ("serve", "consume"):
        assert "replicas" not in chart.of("Deployment", role)["spec"]
        target = chart.of("HorizontalPodAutoscaler", role)["spec"]["scaleTargetRef"]["name"]
        assert target == chart.of("Deployment", role)["metadata"]["name"]
        assert chart.of("PodDisruptionBudget", role)["spec"]["maxUnavailable"] == 1
        assert len(chart.pods()[role]["topologySpreadConstraints"]) == 2


def test_topics_that_are_not_wanted_are_not_read():
    pod = rendered(CHART / "examples/clusters.yaml").pods()["consume"]
    found = {one["name"]: one.get("value") for one in pod["containers"][0]["env"]}
    assert found["EVISTORE_KAFKA_TOPICS"] == ""
    assert found["EVISTORE_KAFKA_REPORT_TOPICS"] == "ccx.ocp.results"


def test_large_numbers_are_written_out_and_a_role_overrules_all(tmp_path):
    everywhere = "settings: {EVISTORE_HTTP_BODY_LIMIT: 8388608, EVISTORE_WEBHOOK_SECONDS: 2.5, EVISTORE_WEBHOOKS: true}"
    here = "serve: {settings: {EVISTORE_WEBHOOKS: false}}\nmigrate: {deadlineSeconds: 1000000}"
    chart = rendered(CHART / "examples/minimal.yaml", given(tmp_path, f"{everywhere}\n{here}"))
    found = {one["name"]: one.get("value") for one in chart.pods()["serve"]["containers"][0]["env"]}
    assert chart.of("Job")["spec"]["activeDeadlineSeconds"] == 1_000_000
    assert found["EVISTORE_HTTP_BODY_LIMIT"] == "8388608"
    assert (found["EVISTORE_WEBHOOK_SECONDS"], found["EVISTORE_WEBHOOKS"]) == ("2.5", "false")


def test_the_network_lets_in_what_the_pods_open_and_nothing_else():
    chart = rendered(PRODUCTION)
    opened = {port["containerPort"] for pod in chart.pods().values() for port in pod["containers"][0].get("ports", ())}
    policy = chart.of("NetworkPolicy")["spec"]
    assert {port["port"] for rule in policy["ingress"] for port in rule["ports"]} == opened
    assert all(rule["from"] for rule in policy["ingress"])
    roles = set(policy["podSelector"]["matchExpressions"][0]["values"])
    assert roles == set(chart.pods())


def test_monitors_look_at_ports_that_services_have():
    chart = rendered(PRODUCTION)
    for role in ("serve", "consume"):
        monitor, service = chart.of("ServiceMonitor", role)["spec"], chart.of("Service", role)
        assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
        assert monitor["endpoints"][0]["port"] in {port["name"] for port in service["spec"]["ports"]}


def test_every_dashboard_comes_with_links_that_lead_home():
    chart = rendered(PRODUCTION)
    boards = [one for one in chart.manifests if one["kind"] == "ConfigMap" and "-dashboard-" in one["metadata"]["name"]]
    texts = {name: text for one in boards for name, text in one["data"].items()}
    assert set(texts) == {path.name for path in DASHBOARDS}
    for path in DASHBOARDS:
        moved = path.read_text("utf-8").replace("http://localhost:8080", "https://evidence.example.com")
        assert json.loads(texts[path.name]) == json.loads(moved)
        assert len(texts[path.name]) < 2**20
    assert {one["metadata"]["namespace"] for one in boards} == {"monitoring"}
    assert {one["metadata"]["labels"]["grafana_dashboard"] for one in boards} == {"1"}


def test_the_data_source_is_the_one_of_the_file_with_the_values_put_in():
    chart = rendered(PRODUCTION)
    [found] = yaml.safe_load(chart.of("ConfigMap", "-datasource")["data"]["evistore.yaml"])["datasources"]
    [file] = document("grafana/provisioning/datasources/evistore.yaml")["datasources"]
    given = {"url": "db.example.com:5432", "user": "evistore_reader"}
    said = {"database": "evistore", "sslmode": "verify-full"}
    assert found == {**file, **given, "jsonData": {**file["jsonData"], **said}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("credentials: {databaseUrl: {value: ''}}", "credentials.databaseUrl is needed"),
        ("credentials: {adminDatabaseUrl: {value: ''}}", "credentials.adminDatabaseUrl is needed"),
        (
            "credentials: {httpTokens: {value: ''}}",
            "credentials.httpTokens or credentials.httpSignatureSecret is needed",
        ),
        ("consume: {enabled: true, topics: {cdevents: [a]}}", "consume.brokers is needed"),
        ("consume: {enabled: true, brokers: 'k:9092'}", "consume.topics names none"),
        ("serve: {ingress: {enabled: true}}", "serve.ingress.host is needed"),
        ("database: {bundled: true}", "database.password is needed"),
        ("grafana: {enabled: true}", "grafana.datasource.host is needed"),
    ],
)
def test_what_is_missing_is_said(tmp_path, text, sentence):
    with pytest.raises(ChartError, match=re.escape(sentence)):
        rendered(CHART / "examples/minimal.yaml", given(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        "replicas: 3",
        "serve: {replicas: many}",
        "settings: {VALIDATION: mark}",
        "tracing: {endpoint: 'http://collector:4318'}",
        "settings: {EVISTORE_DATABASE_URL: 'postgresql://…'}",
        "settings: {EVISTORE_DATABASE_PASSWORD_FILE: /password}",
        "mounts: [{path: /etc/evistore}]",
        "credentials: {httpTokens: {value: a, secret: b}}",
        "database: {bundled: true, password: 'short'}",
        "database: {bundled: true, password: 'with a/slash'}",
        "consume: {brokers: kafka}",
        "maintain: {schedule: often}",
        "grafana: {datasource: {sslmode: maybe}}",
        "monitoring: {rules: {rejects: 5}}",
    ],
)
def test_what_is_wrong_does_not_fit_the_schema(tmp_path, text):
    fitting = rendered(CHART / "examples/minimal.yaml").values
    assert jsonschema_rs.is_valid(SCHEMA, fitting)
    wrong = _over(fitting, yaml.safe_load(text))
    assert not jsonschema_rs.is_valid(SCHEMA, wrong)


def test_every_value_has_a_default_and_a_place_in_the_schema():
    assert _paths(VALUES) == _named(SCHEMA) - {"global"}


def test_the_chart_is_of_the_version_of_the_program():
    about = document("chart/Chart.yaml")
    version = re.search(r'^version = "(.+)"', (CHART.parents[1] / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version
    assert about["version"] == about["appVersion"] == version[1]
    assert (about["apiVersion"], about["name"]) == ("v2", "evistore")


def test_notes_say_what_to_be_careful_with():
    assert "for trying out" in rendered(BUNDLED).templates["NOTES.txt"]
    assert "may send events" in rendered(BUNDLED).templates["NOTES.txt"]
    assert "https://evidence.example.com/" in rendered(PRODUCTION).templates["NOTES.txt"]
    assert "Maintenance is off" in rendered(CHART / "examples/clusters.yaml").templates["NOTES.txt"]


def _over(under: dict, over: dict) -> dict:
    return under | {
        name: _over(under[name], one) if isinstance(one, dict) and isinstance(under.get(name), dict) else one
        for name, one in over.items()
    }


FREE = {"labels", "annotations", "settings", "resources", "podAnnotations", "nodeSelector", "affinity", "credentials"}
FREE |= {"dashboardLabels", "datasourceLabels"}


def _paths(values: dict, above: str = "") -> set[str]:
    """The names of all values; below those that people fill in as they like, none."""
    found = {f"{above}{name}" for name in values}
    deeper = {name: one for name, one in values.items() if isinstance(one, dict) and name not in FREE}
    return found.union(*(_paths(one, f"{above}{name}.") for name, one in deeper.items()))


def _named(schema: dict, above: str = "") -> set[str]:
    if "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].rpartition("/")[2]]
    properties = schema.get("properties", {})
    deeper = {name: one for name, one in properties.items() if name not in FREE}
    return {f"{above}{name}" for name in properties}.union(
        *(_named(one, f"{above}{name}.") for name, one in deeper.items())
    )
