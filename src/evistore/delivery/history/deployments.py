"""A release on its way through the environments, and back when it was a bad one."""

from evistore.delivery.history import incidents, suites
from evistore.delivery.history.catalogue import ENVIRONMENTS, Service
from evistore.delivery.history.members import collected, collected_before, end, path, reference
from evistore.delivery.history.producers import APPROVALS
from evistore.delivery.history.rhythm import MINUTE, at_work
from evistore.delivery.history.world import Release, World

_LIVE = 2
"""Environments from this one on are production."""


def deploy(world: World, at: int, release: Release, stage: int, cause: str) -> None:
    """Deploy unless something newer runs there already; what follows from it depends on how it goes."""
    service = release.service
    place = world.places[service.name][stage]
    if at < place.closed_until:
        world.later(place.closed_until + world.took(60), deploy, release, stage, cause)
        return
    if service.name in world.retired or (place.current and place.current.number > release.number):
        return
    environment = ENVIRONMENTS[stage]
    deployed = _tell(world, at, release, stage, cause)
    place.take(release)
    place.closed_until = at + world.took(90)
    if stage + 1 == len(ENVIRONMENTS):
        return
    if place.previous and world.likely(environment.bad):
        _turns_out_bad(world, at, release, stage, deployed)
        return
    _promote(world, at, release, stage + 1, deployed)


def _tell(world: World, at: int, release: Release, stage: int, cause: str) -> str:
    service, environment = release.service, ENVIRONMENTS[stage]
    place = world.places[service.name][stage]
    forms = environment.deployer.forms
    form = forms["service.upgraded" if place.current else "service.deployed"]
    # A deployer that cannot see the image's digest leaves the artifact empty, against the schema.
    artifact = "" if environment.name == "dev" and world.likely(0.012) else release.artifact
    told = f'{{{reference("environment", environment.name)},"artifactId":"{artifact}"}}'
    last = environment is ENVIRONMENTS[-1]
    links = end(cause) if last else path(cause)
    more = _custom_data(world, release)
    deployed = world.tell(at, form, service.name, told, chain=release.chain, links=links, more=more)
    if world.likely(0.15):
        told = f'{{"application":"{service.name}","environment":"{environment.name}","revision":{release.number}}}'
        name = f"{service.name}-{environment.name}"
        world.tell(at + 700, forms["argocd-application.synced"], name, told, chain=release.chain, links=path(deployed))
    return deployed


def _custom_data(world: World, release: Release) -> str:
    """A third of the deployments also carry what triggered them in the collector's shapes, old and new."""
    drawn = world.chance.random()
    if drawn > 0.35:  # noqa: PLR2004
        return ""
    run = f"{release.service.name}-main-{release.number}"
    return (collected if drawn > 0.1 else collected_before)("trigger", "pipelineRun", run)  # noqa: PLR2004


def _promote(world: World, at: int, release: Release, stage: int, cause: str) -> None:
    """On to the next environment, after tests, people and working hours have had their say."""
    environment, before, service = ENVIRONMENTS[stage], ENVIRONMENTS[stage - 1], release.service
    if stage == _LIVE:
        producer = before.deployer
        suite = suites.Suite("smoke", service, producer, release.chain, before.name, f"{service.name}-{release.number}")
        at, passed = suites.tested(world, at + world.took(60), suite, cause)
        if not passed:
            return
    if not world.likely(environment.share):
        return
    due = at + world.waited(environment.hours)
    if stage >= _LIVE:
        due = at_work(due, world.chance)
    if stage == _LIVE and world.likely(0.05) and not _approved(world, at, due, release, cause):
        return
    world.later(due, deploy, release, stage, cause)


def _approved(world: World, at: int, due: int, release: Release, cause: str) -> bool:
    """Whether people let it go to production; they decide between *at* and *due*."""
    service, forms = release.service, APPROVALS.forms
    key = f"gate-{service.name}-{release.number}"
    team = f"https://people.example.org/{service.repository.team}"
    subject = f'"approvalDetailsUrl":"{APPROVALS.source}/{key}","resourceTargetUrl":"{service.repository.page}"'
    told = f'{{{subject},"requestor":"{team}"}}'
    asked = world.tell(at + MINUTE, forms["approval.created"], key, told, chain=release.chain, links=path(cause))
    if world.likely(0.2):
        told = f'{{{subject},"responder":"{team}","decision":"deferred"}}'
        at = at + (due - at) // 2
        world.tell(at, forms["approval.updated"], key, told, chain=release.chain, links=path(asked))
    verdict = "approved" if world.likely(0.9) else "rejected"
    told = f'{{{subject},"responder":"{team}","decision":"{verdict}","status":"{verdict}"}}'
    closed = at + (due - at) * 9 // 10
    world.tell(max(closed, at), forms["approval.closed"], key, told, chain=release.chain, links=path(asked))
    return verdict == "approved"


def _turns_out_bad(world: World, at: int, release: Release, stage: int, deployed: str) -> None:
    """An incident where users notice; nearly always the release before comes back, else the next one must mend it."""
    place = world.places[release.service.name][stage]
    cause = deployed
    if stage >= _LIVE:
        at += world.took(700)
        cause = incidents.after_deployment(world, at, release, ENVIRONMENTS[stage].name, deployed)
    if world.likely(0.88):
        back = at + world.took(1500)
        place.closed_until = back + MINUTE
        world.later(back, _roll_back, release, stage, cause)


def _roll_back(world: World, at: int, release: Release, stage: int, cause: str) -> None:
    service, environment = release.service, ENVIRONMENTS[stage]
    place = world.places[service.name][stage]
    if service.name in world.retired or place.previous is None:
        return
    place.current, place.previous = place.previous, None
    told = f'{{{reference("environment", environment.name)},"artifactId":"{place.current.artifact}"}}'
    form = environment.deployer.forms["service.rolledback"]
    world.tell(at, form, service.name, told, chain=release.chain, links=path(cause))


def remove(world: World, at: int, service: Service, stage: int) -> None:
    """Take the service out of an environment; a later deployment is a first one again."""
    place, environment = world.places[service.name][stage], ENVIRONMENTS[stage]
    if place.current is None or at < place.closed_until:
        return
    told = f"{{{reference('environment', environment.name)}}}"
    world.tell(at, environment.deployer.forms["service.removed"], service.name, told, chain=place.current.chain)
    place.current = place.previous = None
