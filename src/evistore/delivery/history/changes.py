"""A change from its first commit to its merge, with the ticket it answers."""

from dataclasses import dataclass

from evistore.delivery.history import pipelines
from evistore.delivery.history.catalogue import Repository, Service
from evistore.delivery.history.members import path, relation
from evistore.delivery.history.producers import TICKETS
from evistore.delivery.history.rhythm import MINUTE, at_work
from evistore.delivery.history.world import World

_TOPICS = (
    "speed up the totals query",
    "retry when the queue is away",
    "raise the base image",
    "show the delivery date",
    "remove a dead switch",
    "log the reason of refusals",
    "accept the new currency",
    "keep idle connections shorter",
)


@dataclass(frozen=True, slots=True)
class Change:
    """A change under way."""

    key: str
    repository: Repository
    services: tuple[Service, ...]
    chain: str
    content: str


def open_change(world: World, at: int, service: Service) -> None:
    """The whole life of a change is decided when it is opened."""
    repository = service.repository
    number = world.number()
    content = f'{{"repository":{{"id":"shop/{repository.name}","source":"{repository.page}"}}}}'
    change = Change(
        f"shop/{repository.name}/pull/{number}", repository, _touched(world, service), world.chain(), content
    )
    topic = world.chance.choice(_TOPICS)
    ticket = _ticket(world, at, change, number, topic) if world.likely(0.3) else ""
    branch = f"{repository.team}/{number}" if world.likely(0.4) else ""
    forms = repository.forge.forms
    if branch:
        world.tell(at, forms["branch.created"], branch, content, chain=change.chain)
    at += world.took(900)
    told = f'{{"description":"{topic}",{content[1:]}'
    links = relation("ANSWERS", ticket) if ticket else ""
    cause = world.tell(at, forms["change.created"], change.key, told, chain=change.chain, links=links)
    at, cause = _review(world, at, change, cause)
    if world.likely(0.07):
        world.tell(at, forms["change.abandoned"], change.key, content, chain=change.chain, links=path(cause))
        return
    world.later(at, _merge, change, cause, branch)


def _touched(world: World, service: Service) -> tuple[Service, ...]:
    """The service, and now and then a neighbour from the same repository."""
    if not world.likely(0.08):
        return (service,)
    neighbour = world.service()
    same = neighbour.repository is service.repository and neighbour is not service
    return (service, neighbour) if same else (service,)


def _review(world: World, at: int, change: Change, cause: str) -> tuple[int, str]:
    """Reviews and the updates they ask for; the moment of the decision and the last event."""
    forms = change.repository.forge.forms
    rounds = 1 + world.likely(0.35) + world.likely(0.1)
    for round_ in range(rounds):
        at = at_work(at + world.waited(1.6), world.chance)
        cause = world.tell(
            at, forms["change.reviewed"], change.key, change.content, chain=change.chain, links=path(cause)
        )
        if round_ + 1 < rounds or world.likely(0.15):
            at += world.waited(0.7)
            cause = world.tell(
                at, forms["change.updated"], change.key, change.content, chain=change.chain, links=path(cause)
            )
    return at_work(at + world.waited(0.4), world.chance), cause


def _merge(world: World, at: int, change: Change, cause: str, branch: str) -> None:
    forms = change.repository.forge.forms
    merged = world.tell(at, forms["change.merged"], change.key, change.content, chain=change.chain, links=path(cause))
    if branch:
        world.tell(at + world.took(2), forms["branch.deleted"], branch, change.content, chain=change.chain)
    merge = pipelines.Merge(change.key, change.chain, merged)
    for service in change.services:
        if service.name not in world.retired:
            world.later(at + world.took(4), pipelines.run, merge, service)


def _ticket(world: World, at: int, change: Change, number: int, topic: str) -> str:
    """A ticket opened some time before the work on it and closed some time after; the id of its creation."""
    key, team, forms = f"SHOP-{number}", change.repository.team, TICKETS.forms
    # Trackers send null for what is not set, against the schema: a few of these stand for many.
    milestone = "null" if world.likely(0.25) else '"next"'
    told = (
        f'{{"summary":"{topic}","ticketType":"enhancement","group":"{team}","creator":"{team}","assignees":["{team}"],'
        f'"priority":"medium","labels":["{change.repository.name}"],"milestone":{milestone},'
        f'"uri":"{TICKETS.source}/{key}"'
    )
    created = world.tell(at, forms["ticket.created"], key, told + "}", chain=change.chain)
    if world.likely(0.5):
        at += 5 * MINUTE + world.waited(0.5)
        world.tell(at, forms["ticket.updated"], key, f'{told},"updatedBy":"{team}"}}', chain=change.chain)
    closed = f'{told},"updatedBy":"{team}","resolution":"{"completed" if world.likely(0.9) else "withdrawn"}"}}'
    world.tell(at + world.waited(40), forms["ticket.closed"], key, closed, chain=change.chain)
    return created
