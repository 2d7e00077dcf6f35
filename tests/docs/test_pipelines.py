"""Pipelines of the how-to guides: read as their systems read them, their scripts run by a real shell, and what they told is in the database."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import yaml

from evistore.delivery.validation import judge
from fixtures import pipelines
from fixtures.charts import PROGRAM as RENDER
from fixtures.commands import PROGRAM
from fixtures.guides import GUIDES, block, blocks
from fixtures.parts import absent
from fixtures.pipelines import Machine
from fixtures.serving import Served, served

TOKEN, SECRET = "a-long-secret", "another-long-secret"
COMMIT = "0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa"
DIGEST = "sha256:0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427"
RUN = ["pipelinerun.started", "change.merged", "artifact.packaged", "service.deployed", "pipelinerun.finished"]


def moment(minutes: int) -> str:
    """A time *minutes* ago, as Git tells it to somebody in another zone."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds").replace("+00:00", "-00:00")


@pytest.fixture(scope="module")
def server(postgres18) -> Iterator[Served]:
    if shutil.which("jq") is None:
        absent("jq is not installed: .ci/parts installs it")
    with served(postgres18, http_tokens=TOKEN, http_signature_secret=SECRET) as one:
        yield one


@pytest.fixture
def machine(server, tmp_path) -> Machine:
    """A folder with what a reader has: a build that tells a digest, and a deployment."""
    for name, text in (("build", f"echo {DIGEST}"), ("deploy", 'test -n "$1"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    return Machine(tmp_path, {"EVISTORE_URL": server.url, "EVISTORE_TOKEN": TOKEN})


@dataclass(frozen=True)
class Told:
    """What a source told."""

    server: Served
    source: str

    def events(self) -> list[str]:
        """Kinds of its events, each with what is wrong or odd about it."""
        found = self.server.ask(
            """SELECT subject || '.' || predicate, verdict, payload
                 FROM cdviz.cdevents_lake WHERE source = %s ORDER BY position""",
            self.source,
        )
        told = [(kind, verdict, judge(payload)) for kind, verdict, payload in found]
        assert all(verdict == judged.state for _, verdict, judged in told)
        odd = [[*judged.reasons, *judged.warnings] for _, _, judged in told]
        return [f"{kind} {faults}" if faults else kind for (kind, _, _), faults in zip(told, odd, strict=True)]


def answers(server: Served, guide: str) -> list[list[tuple[Any, ...]]]:
    """What the questions at the end of *guide* are answered."""
    return [server.ask(one.text) for one in blocks(next(p for p in GUIDES if p.stem == guide), "sql")]


def expect_delivery(server: Served, guide: str, service: str, name: str, change: str) -> None:
    """The questions of *guide* have the answers that its pipeline should give."""
    runs, lead, ended = answers(server, guide)
    image = service.partition("/")[2]
    assert runs == [(service, "prod-eu", f"pkg:oci/{image}@{DIGEST}?repository_url=registry.example.com/{service}")]
    [(told, time)] = lead
    assert told == change
    assert timedelta(minutes=9) < time < timedelta(minutes=11)
    [(run, ending, seconds)] = ended
    assert (run, ending) == (name, "success")
    assert 0 <= seconds < 60


def load(guide: str, head: str) -> Any:
    return yaml.safe_load(block(guide, "yaml", head))


def test_github_actions(server, machine):
    machine.variables = {
        **machine.variables,
        "GITHUB_RUN_ID": "9001",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "shop/payments",
        "GITHUB_SHA": COMMIT,
    }
    context = {
        "vars.EVISTORE_URL": server.url,
        "secrets.EVISTORE_TOKEN": TOKEN,
        "github.repository": "shop/payments",
        "github.run_id": "9001",
        "github.run_attempt": "1",
        "github.sha": COMMIT,
        "github.workflow": "deliver",
        "github.server_url": "https://github.com",
        "github.event.head_commit.timestamp": moment(10),
        "job.status == 'cancelled' && 'cancel' || job.status": "success",
    }
    action, workflow = load("github-actions", "using: composite"), load("github-actions", "runs-on")
    list(pipelines.github(machine, action, workflow, context))
    assert Told(server, "https://github.com/shop/payments").events() == RUN
    expect_delivery(server, "github-actions", "shop/payments", "deliver", f"shop/payments@{COMMIT}")


def test_gitlab(server, machine):
    machine.variables = {
        **machine.variables,
        "CI_PROJECT_PATH": "shop/cart",
        "CI_PROJECT_URL": "https://gitlab.example.com/shop/cart",
        "CI_PIPELINE_ID": "77",
        "CI_PIPELINE_URL": "https://gitlab.example.com/shop/cart/-/pipelines/77",
        "CI_COMMIT_SHA": COMMIT,
        "CI_COMMIT_TIMESTAMP": moment(10),
        "CI_REGISTRY_IMAGE": "registry.example.com/shop/cart",
    }
    pipeline = load("gitlab-ci", "before_script")
    assert list(pipelines.gitlab(machine, pipeline)) == ["started", "build", "deploy", "succeeded"]
    assert sorted(Told(server, "https://gitlab.example.com/shop/cart").events()) == sorted(RUN)
    expect_delivery(server, "gitlab-ci", "shop/cart", "shop/cart", f"shop/cart@{COMMIT}")
    machine.variables = {**machine.variables, "CI_PIPELINE_ID": "78"}
    assert list(pipelines.gitlab(machine, pipeline, fails=True))[-1] == "failed"
    assert server.ask("SELECT outcome FROM cdviz.pipelinerun WHERE subject_id = 'shop/cart/pipelines/78'") == [
        ("failure",)
    ]


def test_jenkins(server, machine):
    machine.variables = {
        **machine.variables,
        "BUILD_TAG": "jenkins-shop-stock-main-17",
        "BUILD_URL": "https://jenkins.example.com/job/shop/job/stock/job/main/17/",
        "JOB_NAME": "shop/stock/main",
        "JOB_URL": "https://jenkins.example.com/job/shop/job/stock/job/main/",
        "GIT_COMMIT": COMMIT,
    }
    step, pipeline = (block("jenkins", "groovy", head) for head in ("def call", "pipeline {"))
    author = "-c user.name=a -c user.email=a@example.com"
    machine.run(
        f"git init -q && GIT_COMMITTER_DATE='{moment(10)}' git {author} commit -q --allow-empty -m one", {}, "sh", "-e"
    )
    succeeded, _, rest = pipeline.partition("        failure {")
    failed, _, aborted = rest.partition("        aborted {")
    pipelines.jenkins(machine, step, succeeded)
    assert Told(server, machine.variables["JOB_URL"]).events() == RUN
    expect_delivery(server, "jenkins", "shop/stock", "shop/stock/main", f"shop/stock@{COMMIT}")
    for number, (part, outcome) in enumerate(((failed, "failure"), (aborted, "cancel"))):
        machine.variables = {**machine.variables, "BUILD_TAG": f"jenkins-{number}"}
        pipelines.jenkins(machine, step, part)
        assert server.ask("SELECT outcome FROM cdviz.pipelinerun WHERE subject_id = %s", f"jenkins-{number}") == [
            (outcome,)
        ]


def test_tekton(server, machine):
    context = {
        "context.taskRun.namespace": "shop",
        "context.pipelineRun.name": "deliver-search-x7k2p",
        "context.pipeline.name": "deliver-search",
        "params.commit": COMMIT,
        "params.committed-at": moment(10),
        "tasks.build.results.digest": DIGEST,
        "tasks.status": "Succeeded",
    }
    task, pipeline = load("tekton", "kind: Task"), load("tekton", "kind: Pipeline")
    [step] = task["spec"]["steps"]
    [url] = [one for one in step["env"] if one["name"] == "EVISTORE_URL"]
    url["value"] = server.url
    pipelines.tekton(machine, task, pipeline, context, {"evistore/token": TOKEN})
    assert Told(server, "/tekton/shop").events() == RUN
    expect_delivery(server, "tekton", "shop/search", "deliver-search", f"shop/search@{COMMIT}")


def test_cloudevents_of_tekton_are_kept_aside(server):
    headers = {"ce-specversion": "1.0", "ce-type": "dev.tekton.event.pipelinerun.successful.v1", "ce-source": "/a"}
    body = {"pipelineRun": {"metadata": {"name": "deliver-search-x7k2p"}}}
    answer = server.post(body, headers | {"ce-id": "1", "Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.json()["code"]) == (202, "context-missing")


def rendered(template: str, data: dict[str, Any], folder: Path) -> str:
    """What Go makes of *template* with *data* as its dot."""
    if not RENDER.exists():
        absent("what renders templates is not there: .ci/parts makes it")
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("name: told\n")
    (folder / "values.yaml").write_text(json.dumps(data))
    (folder / "templates" / "told.txt").write_text(
        f'{{{{ define "told" }}}}{template}{{{{ end }}}}{{{{ include "told" .Values }}}}'
    )
    done = subprocess.run([RENDER, folder, "told", "told"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["templates"]["told.txt"]


def application(*images: str, **labels: str) -> dict[str, Any]:
    """What Argo CD knows of an application that is synced and healthy."""
    status = {
        "summary": {"images": list(images)},
        "sync": {"revision": COMMIT},
        "operationState": {"phase": "Succeeded", "finishedAt": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"},
    }
    metadata = {"name": "web-prod-eu", "uid": "5a1c", **({"labels": labels} if labels else {})}
    destination = {"name": "eu-1", "namespace": "shop"}
    return {
        "app": {"metadata": metadata, "spec": {"destination": destination}, "status": status},
        "context": {"argocdUrl": "https://argocd.example.com"},
    }


def test_argo_cd(server, tmp_path):
    data = load("argo-cd", "argocd-notifications-cm")["data"]
    secret, subscribed = yaml.safe_load_all(block("argo-cd", "yaml", "stringData"))
    service = yaml.safe_load(data["service.webhook.evistore"])
    [trigger] = yaml.safe_load(data["trigger.on-deployed"])
    assert [f"template.{one}" for one in trigger["send"]] == [name for name in data if name.startswith("template.")]
    assert list(subscribed["metadata"]["annotations"]) == ["notifications.argoproj.io/subscribe.on-deployed.evistore"]
    call = yaml.safe_load(data["template.cdevents-deployed"])["webhook"]["evistore"]
    headers = {one["name"]: one["value"] for one in service["headers"]}
    assert headers["Authorization"].endswith("$evistore-token")
    headers["Authorization"] = headers["Authorization"].replace(
        "$evistore-token", secret["stringData"]["evistore-token"]
    )

    images = [f"registry.example.com:5000/shop/web@{DIGEST}", "registry.example.com/shop/proxy:1.4.0"]
    body = rendered(call["body"], application(*images, environment="prod-eu"), tmp_path)
    answer = httpx.request(call["method"], server.url + call["path"], content=body, headers=headers)
    assert answer.json()["tally"] == {"stored": 2}
    again = httpx.request(call["method"], server.url + call["path"], content=body, headers=headers)
    assert again.json()["tally"] == {"duplicate": 2}
    assert Told(server, "https://argocd.example.com/applications/web-prod-eu").events() == ["service.deployed"] * 2
    repository = "repository_url=registry.example.com:5000/shop/web"
    assert answers(server, "argo-cd") == [[("shop/web", "prod-eu", f"pkg:oci/web@{DIGEST}?{repository}")]]
    assert server.ask("SELECT artifact_id FROM cdviz.services WHERE service_id = 'shop/proxy'") == [
        ("pkg:oci/proxy?repository_url=registry.example.com/shop/proxy&tag=1.4.0",)
    ]


def test_an_application_of_argo_cd_without_label_runs_where_its_cluster_is(tmp_path):
    call = yaml.safe_load(load("argo-cd", "argocd-notifications-cm")["data"]["template.cdevents-deployed"])
    events = json.loads(rendered(call["webhook"]["evistore"]["body"], application("nginx"), tmp_path))
    assert [one["subject"]["content"]["environment"]["id"] for one in events] == ["eu-1"]


@pytest.mark.parametrize(
    ("schema", "guide", "head", "misspelt"),
    [
        ("github-actions", "github-actions", "using: composite", "shell:"),
        ("github-workflows", "github-actions", "runs-on", "with:"),
        ("gitlab-ci", "gitlab-ci", "before_script", "artifacts:"),
    ],
)
def test_a_pipeline_is_what_its_system_takes(schema, guide, head, misspelt):
    text = block(guide, "yaml", head)
    assert list(faults(schema, text)) == []
    assert list(faults(schema, text.replace(misspelt, f"x{misspelt}", 1))) != []


def scripts() -> Iterator[tuple[str, str, str]]:
    """Every script of a pipeline: where it stands, the shell that runs it, and its text."""
    action, workflow = load("github-actions", "using: composite"), load("github-actions", "runs-on")
    steps = [*action["runs"]["steps"], *workflow["jobs"]["deliver"]["steps"]]
    for number, step in enumerate(one for one in steps if "run" in one):
        yield f"github-{number}", "bash", step["run"]
    pipeline = load("gitlab-ci", "before_script")
    for name in pipeline:
        if "script" in pipeline[name]:
            yield f"gitlab-{name}", "sh", pipelines.gitlab_script(pipeline, name)
    yield "jenkins", "sh", pipelines.groovy_text(block("jenkins", "groovy", "def call"))
    yield "tekton", "sh", load("tekton", "kind: Task")["spec"]["steps"][0]["script"]


@pytest.mark.parametrize(("shell", "script"), [pytest.param(*rest, id=name) for name, *rest in scripts()])
def test_scripts_have_no_fault_that_shellcheck_knows(shell, script):
    words = [PROGRAM.with_name("shellcheck"), f"--shell={shell}", "-"]
    done = subprocess.run(words, input=script, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def faults(schema: str, text: str) -> Iterator[str]:
    """What the published schema of a system finds in a file of it."""
    found = find_spec("check_jsonschema")
    assert found is not None
    folder = Path(found.submodule_search_locations[0]) / "builtin_schemas" / "vendor"
    document = yaml.safe_load(text)
    if True in document:  # YAML 1.1 takes the name `on` for a truth
        document["on"] = document.pop(True)
    validator = jsonschema_rs.validator_for(json.loads((folder / f"{schema}.json").read_text("utf-8")))
    return (error.message for error in validator.iter_errors(document))
