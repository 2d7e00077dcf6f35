"""The ground on which the history stands: environments, repositories, and a first release of each service."""

from collections.abc import Iterable

from evistore.delivery.history.catalogue import ENVIRONMENTS, Repository, Service
from evistore.delivery.history.members import path, path_and_relation, reference
from evistore.delivery.history.pipelines import image
from evistore.delivery.history.producers import INVENTORY, REGISTRY
from evistore.delivery.history.rhythm import MINUTE, SECOND
from evistore.delivery.history.world import Release, World


def found(world: World, at: int) -> int:
    """Tell of everything that was there before; the moment when all of it runs."""
    for environment in ENVIRONMENTS:
        told = f'{{"name":"{environment.name}","uri":"https://{environment.name}.example.com"}}'
        at += SECOND
        world.tell(at, INVENTORY.forms["environment.created"], environment.name, told)
    for repository in _repositories(world.services):
        at += 2 * SECOND
        _repository(world, at, repository)
    for service in world.services:
        at += 5 * SECOND
        _service(world, at, service)
    return at + 15 * MINUTE


def described(repository: Repository) -> str:
    """The content of events about a repository."""
    address = repository.forge.dialect.address
    return f'{{"name":"{repository.name}","owner":"{repository.team}","{address}":"{repository.page}"}}'


def _repositories(services: Iterable[Service]) -> list[Repository]:
    return list(dict.fromkeys(service.repository for service in services))


def _repository(world: World, at: int, repository: Repository) -> None:
    forms, key = repository.forge.forms, f"shop/{repository.name}"
    chain = world.chain()
    created = world.tell(at, forms["repository.created"], key, described(repository), chain=chain)
    told = f"{{{reference('repository', key, repository.page)}}}"
    world.tell(at + 400, forms["branch.created"], f"{repository.name}/main", told, chain=chain, links=path(created))


def _service(world: World, at: int, service: Service) -> None:
    """The release that ran when the telling began: merged, built, published, deployed to all environments."""
    number, chain = world.number(), world.chain()
    repository, artifact = service.repository, image(service.name, world.chance)
    change = f"shop/{repository.name}/pull/{number}"
    told = f"{{{reference('repository', f'shop/{repository.name}', repository.page)}}}"
    merged = world.tell(at, repository.forge.forms["change.merged"], change, told, chain=chain)
    key, told = f"{service.name}-build-{number}", f'{{"artifactId":"{artifact}"}}'
    links = path_and_relation(merged, "CHANGE", merged)
    built = world.tell(at + 90 * SECOND, repository.ci.forms["build.finished"], key, told, chain=chain, links=links)
    form = REGISTRY.forms["artifact.published"]
    cause = world.tell(at + 95 * SECOND, form, artifact, '{"user":"ci-bot"}', chain=chain, links=path(built))
    for environment, place in zip(ENVIRONMENTS, world.places[service.name], strict=True):
        at += 3 * MINUTE
        told = f'{{{reference("environment", environment.name)},"artifactId":"{artifact}"}}'
        form = environment.deployer.forms["service.deployed"]
        cause = world.tell(at, form, service.name, told, chain=chain, links=path(cause))
        place.current = Release(number, service, artifact, chain)
