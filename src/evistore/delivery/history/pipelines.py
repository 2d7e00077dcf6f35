"""A pipeline run after a merge: tasks, the build, the tests, and the artifact they end in."""

from dataclasses import dataclass
from random import Random

from evistore.delivery.history import deployments, suites
from evistore.delivery.history.catalogue import Service
from evistore.delivery.history.members import collected, path, path_and_relation
from evistore.delivery.history.producers import REGISTRY, Producer
from evistore.delivery.history.rhythm import MINUTE
from evistore.delivery.history.world import Release, World

_STUCK = 0.005
"""Part of the runs that start and are never heard of again."""
_NAMES = {"npm": "npm/%40shop/{}", "maven": "maven/com.example.shop/{}", "pypi": "pypi/shop-{}"}


@dataclass(frozen=True, slots=True)
class Merge:
    """The merge a run is for: the change, its chain, and the id of the event."""

    change: str
    chain: str
    event: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a service's pipeline."""

    key: str
    number: int
    service: Service
    change: str
    chain: str
    merged: str

    @property
    def ci(self) -> Producer:
        """What runs it."""
        return self.service.repository.ci

    @property
    def page(self) -> str:
        """The member with the address of the run."""
        return f'"{self.ci.dialect.address}":"{self.ci.page}/runs/{self.key}"'

    @property
    def name(self) -> str:
        """The member with the name of the pipeline."""
        return f'"pipelineName":"{self.service.name}-main"'


def run(world: World, at: int, merge: Merge, service: Service, attempt: int = 1) -> None:
    """Queue and start a run; a second attempt may follow one that failed."""
    number, chain = world.number(), merge.chain
    this = Run(f"{service.name}-main-{number}", number, service, merge.change, chain, merge.event)
    forms = this.ci.forms
    more = "" if this.ci.dialect.linked else collected("trigger", "change", merge.change)
    told, links = f"{{{this.name}}}", path(merge.event)
    queued = world.tell(at, forms["pipelinerun.queued"], this.key, told, chain=chain, links=links, more=more)
    at += world.took(12)
    told = f"{{{this.name},{this.page}}}"
    started = world.tell(at, forms["pipelinerun.started"], this.key, told, chain=chain, links=path(queued))
    if world.likely(_STUCK):
        _task_started(world, at + 1000, this, "build", started)
        return
    at, made, error = _work(world, at, this, started)
    _finish(world, at, this, started, error)
    if made:
        artifact, published = made
        release = Release(number, service, artifact, chain)
        world.later(at + world.took(50), deployments.deploy, release, 0, published)
    elif attempt == 1 and world.likely(0.7):
        world.later(at + world.took(900), run, merge, service, attempt + 1)


def _work(world: World, at: int, this: Run, started: str) -> tuple[int, tuple[str, str] | None, str]:
    """The tasks one after the other: when they ended, the artifact and its last event, or what went wrong."""
    at, built, artifact = _build(world, at + world.took(3), this, started)
    if not built:
        return at, None, "build failed"
    begun = at + world.took(2)
    task = _task_started(world, begun, this, "unit-test", started)
    suite = suites.Suite("unit", this.service, this.ci, this.chain, "dev", this.key)
    at, passed = suites.tested(world, begun + 500, suite, task)
    at += world.took(2)
    _task_finished(world, at, this, "unit-test", task, passed=passed)
    if not passed:
        return at, None, "tests failed"
    at, passed = _scan(world, at + world.took(2), this, started)
    if not passed:
        return at, None, "scan found a known weakness"
    begun = at + world.took(2)
    task = _task_started(world, begun, this, "package", started)
    at, published = _publish(world, begun + world.took(20), this, artifact, built)
    _task_finished(world, at + 300, this, "package", task, passed=True)
    return at + 600, (artifact, published), ""


def _build(world: World, at: int, this: Run, started: str) -> tuple[int, str, str]:
    """The build task: its end, the event of the finished build (empty when it failed), and the artifact."""
    forms, key, chain = this.ci.forms, f"{this.service.name}-build-{this.number}", this.chain
    task = _task_started(world, at, this, "build", started)
    artifact = image(this.service.name, world.chance)
    queued = world.tell(at + 200, forms["build.queued"], key, chain=chain, links=path(started))
    begun = world.tell(at + world.took(5) + 300, forms["build.started"], key, chain=chain, links=path(queued))
    at += world.took(160) + MINUTE
    if world.likely(0.04):
        world.tell(at, forms["build.finished"], key, chain=chain, links=path(begun))
        _task_finished(world, at + 200, this, "build", task, passed=False)
        return at + 400, "", artifact
    links = path_and_relation(begun, "CHANGE", this.merged)
    built = world.tell(at, forms["build.finished"], key, f'{{"artifactId":"{artifact}"}}', chain=chain, links=links)
    _task_finished(world, at + 200, this, "build", task, passed=True)
    return at + 400, built, artifact


def image(name: str, chance: Random) -> str:
    """The package URL of a new image of *name*."""
    return f"pkg:oci/{name}@sha256%3A{chance.getrandbits(256):064x}?repository_url=registry.example.com/shop"


def _scan(world: World, at: int, this: Run, started: str) -> tuple[int, bool]:
    passed = not world.likely(0.015)
    task = _task_started(world, at, this, "scan", started)
    at += world.took(35)
    _task_finished(world, at, this, "scan", task, passed=passed)
    return at, passed


def _publish(world: World, at: int, this: Run, artifact: str, built: str) -> tuple[int, str]:
    """Package, sign and publish the image, and the library beside it: when it was done and the last event."""
    chain, service = this.chain, this.service
    change = f'{{"change":{{"id":"{this.change}","source":"{service.repository.forge.source}"}}}}'
    cause = world.tell(at, this.ci.forms["artifact.packaged"], artifact, change, chain=chain, links=path(built))
    if world.likely(0.8):
        at += world.took(3)
        told = f'{{"signature":"{world.chance.getrandbits(192):048x}"}}'
        cause = world.tell(at, REGISTRY.forms["artifact.signed"], artifact, told, chain=chain, links=path(cause))
    at += world.took(4)
    told = f'{{"sbom":{{"uri":"https://registry.example.com/sbom/{service.name}/{this.number}.cdx.json"}}}}'
    published = world.tell(at, REGISTRY.forms["artifact.published"], artifact, told, chain=chain, links=path(cause))
    if service.repository.package:
        _publish_library(world, at + world.took(6), this, change, built)
    return at, published


def _publish_library(world: World, at: int, this: Run, change: str, built: str) -> None:
    kind = this.service.repository.package or "npm"
    artifact = f"pkg:{_NAMES[kind].format(this.service.name)}@1.{this.number // 100}.{this.number % 100}"
    forms = this.ci.forms
    cause = world.tell(at, forms["artifact.packaged"], artifact, change, chain=this.chain, links=path(built))
    world.tell(at + 900, forms["artifact.published"], artifact, chain=this.chain, links=path(cause))


def _task_started(world: World, at: int, this: Run, task: str, cause: str) -> str:
    return world.tell(
        at,
        this.ci.forms["taskrun.started"],
        f"{this.key}-{task}",
        _task(this, task),
        chain=this.chain,
        links=path(cause),
    )


def _task_finished(world: World, at: int, this: Run, task: str, cause: str, *, passed: bool) -> None:
    # One tool in use writes null where it has no error to tell, which the schema forbids.
    flaw = ',"errors":null' if passed and this.ci.dialect.step == 1 and world.likely(0.15) else ""
    outcome = f',"outcome":"{"success" if passed else "failure"}"{flaw}}}'
    content = _task(this, task)[:-1] + outcome
    form = this.ci.forms["taskrun.finished"]
    world.tell(at, form, f"{this.key}-{task}", content, chain=this.chain, links=path(cause))


def _task(this: Run, task: str) -> str:
    return f'{{"taskName":"{task}","pipelineRun":{{"id":"{this.key}","source":"{this.ci.source}"}}}}'


def _finish(world: World, at: int, this: Run, started: str, error: str) -> None:
    outcome = f'"outcome":"failure","errors":"{error}"' if error else '"outcome":"success"'
    told = f"{{{this.name},{this.page},{outcome}}}"
    form = this.ci.forms["pipelinerun.finished"]
    world.tell(at, form, this.key, told, chain=this.chain, links=path(started))
