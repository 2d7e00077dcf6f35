"""How the history begins, and what happens by the clock: the hour's changes, the nightly scans, some housekeeping."""

from dataclasses import dataclass

from evistore.delivery.history import changes, deployments, founding, incidents, suites
from evistore.delivery.history.catalogue import ENVIRONMENTS
from evistore.delivery.history.members import reference
from evistore.delivery.history.producers import FLAGS, INVENTORY, REGISTRY, SCANNER
from evistore.delivery.history.rhythm import DAY, HOUR, MINUTE, WEEK, share
from evistore.delivery.history.world import World

EVENTS_PER_SERVICE_AND_WEEK = 96
"""What the work below was measured to come to."""
_CHANGES_PER_SERVICE_AND_WEEK = 2.3
_BUSY_BEFORE_END = 4 * WEEK
_SILENT_BEFORE_END = 20 * DAY
_STEADY = 2.0
"""In the last weeks (of work) the pace is no longer corrected: what was begun must be let come to its end."""


@dataclass(slots=True)
class Plan:
    """When the history ends and how much is to be told until then; *left* is counted in weeks of work."""

    busy: int
    events: int | None
    left: float
    pace: float = 1.0

    def part(self, world: World, at: int) -> float:
        """The part of a week's work that begins in the hour of *at*, a little more or less to come out right."""
        share_ = share(at, self.busy)
        self.left -= share_
        if self.events is not None and self.left > _STEADY:
            usual = self.left * len(world.services) * EVENTS_PER_SERVICE_AND_WEEK
            self.pace = min(max((self.events - world.told) / usual, 0.7), 1.4)
        return share_ * self.pace


def busy_week(end: int) -> int:
    """A moment in the busy week of a history that ends at *end*."""
    return end - _BUSY_BEFORE_END


def begin(world: World, at: int, end: int, events: int | None, left: float) -> None:
    """Lay the ground and start the clocks; *end* is when people will look at it."""
    first = (founding.found(world, at) // HOUR + 1) * HOUR
    world.later(first, _hour, Plan(busy_week(end), events, left))
    # The nightly scanner falls silent for good, and nobody is told.
    world.later(_tonight(at), _night, end - _SILENT_BEFORE_END)


def _tonight(at: int) -> int:
    return (at // DAY + 1) * DAY + 2 * HOUR


def _hour(world: World, at: int, plan: Plan) -> None:
    """Everything that begins in this hour."""
    part = plan.part(world, at) * len(world.services)
    for step, per_week in _WORK:
        for _ in range(int(part * per_week + world.chance.random())):
            world.later(at + int(world.chance.random() * HOUR), step)
    world.later(at + HOUR, _hour, plan)


def _change(world: World, at: int) -> None:
    changes.open_change(world, at, world.service())


def _incident(world: World, at: int) -> None:
    incidents.by_itself(world, at, world.service())


def _flag(world: World, at: int) -> None:
    """A feature switched, told as a custom event."""
    service = world.service()
    state = "on" if world.likely(0.6) else "off"
    told = f'{{"flag":"{service.name}.new-path","state":"{state}",{reference("service", service.name)}}}'
    world.tell(at, FLAGS.forms["flagboard-flag.switched"], f"{service.name}.new-path", told, chain=world.chain())


def _download(world: World, at: int) -> None:
    """Someone fetches what runs in production; in the same round an image goes that nothing can come back to."""
    service = world.service()
    places = world.places[service.name]
    live = places[-1]
    if live.current:
        told = f'{{"user":"{service.repository.team}"}}'
        world.tell(at, REGISTRY.forms["artifact.downloaded"], live.current.artifact, told, chain=live.current.chain)
    old = live.dropped
    if old and not any(place.needs(old) for place in places):
        live.dropped = None
        told = '{"user":"registry-sweeper"}'
        world.tell(at, REGISTRY.forms["artifact.deleted"], old.artifact, told, chain=old.chain)


def _removal(world: World, at: int) -> None:
    """A service leaves a test environment for a while, or, seldom, all of them for good."""
    service = world.service()
    if world.likely(0.9):
        deployments.remove(world, at, service, world.chance.randrange(2))
    elif len(world.retired) < len(world.services) // 50 and not world.busy(service, at):
        world.retired.add(service.name)
        for stage in range(len(ENVIRONMENTS)):
            deployments.remove(world, at + stage * MINUTE, service, stage)


def _paperwork(world: World, at: int) -> None:
    """An environment or a repository is described anew."""
    if world.likely(0.3):
        name = world.chance.choice(ENVIRONMENTS).name
        told = f'{{"name":"{name}","uri":"https://{name}.example.com"}}'
        world.tell(at, INVENTORY.forms["environment.modified"], name, told)
        return
    repository = world.service().repository
    told = founding.described(repository)
    world.tell(at, repository.forge.forms["repository.modified"], f"shop/{repository.name}", told)


def _night(world: World, at: int, silent: int) -> None:
    """A part of the services is scanned each night."""
    if at >= silent:
        return
    for _ in range(len(world.services) // 25):
        service = world.service()
        suite = suites.Suite("nightly", service, SCANNER, world.chain(), "staging", f"{service.name}-{world.number()}")
        suites.tested(world, at + int(world.chance.random() * 2 * HOUR), suite, "")
    world.later(at + DAY, _night, silent)


_WORK = (
    (_change, _CHANGES_PER_SERVICE_AND_WEEK),
    (_incident, 0.02),
    (_flag, 0.5),
    (_download, 0.6),
    (_removal, 0.01),
    (_paperwork, 0.03),
)
"""Kinds of work, and how often a week per service."""
