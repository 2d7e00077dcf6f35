"""What goes wrong where users notice, because of a deployment or for no known reason."""

from dataclasses import dataclass

from evistore.delivery.history.catalogue import Service
from evistore.delivery.history.members import collected, path, path_and_relation, reference
from evistore.delivery.history.producers import ALERTS, TICKETS
from evistore.delivery.history.rhythm import MINUTE
from evistore.delivery.history.world import Release, World

_SYMPTOMS = ("error rate above 2 %", "latency above 800 ms", "queue grows", "pods restart", "orders missing")


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong."""

    service: Service
    environment: str
    artifact: str
    """The member with the artifact, after a comma, or nothing."""
    chain: str
    number: int
    symptom: str

    @property
    def ticket(self) -> str:
        """The ticket it is followed in."""
        return f"SHOP-{self.number}"

    @property
    def content(self) -> str:
        """What all its events tell, still open at the end."""
        return (
            f'{{"description":"{self.symptom}",{reference("environment", self.environment)},'
            f"{reference('service', self.service.name)}{self.artifact}"
        )


def after_deployment(world: World, at: int, release: Release, environment: str, deployed: str) -> str:
    """An incident that names the artifact and points at the deployment; the id of its detection."""
    artifact = f',"artifactId":"{release.artifact}"'
    return _course(world, at, _incident(world, release.service, environment, artifact, release.chain), deployed)


def by_itself(world: World, at: int, service: Service) -> None:
    """An incident without a known cause; the alerting tool then may leave the artifact empty, against the schema."""
    artifact = ',"artifactId":""' if world.likely(0.3) else ""
    environment = world.chance.choice(("prod-eu", "prod-us"))
    _course(world, at, _incident(world, service, environment, artifact, world.chain()), "")


def _incident(world: World, service: Service, environment: str, artifact: str, chain: str) -> Incident:
    return Incident(service, environment, artifact, chain, world.number(), world.chance.choice(_SYMPTOMS))


def _course(world: World, at: int, incident: Incident, deployed: str) -> str:
    """From detection to resolution; the id of the detection."""
    forms, key, chain, told = ALERTS.forms, f"INC-{incident.number}", incident.chain, incident.content
    links = path_and_relation(deployed, "CAUSE", deployed) if deployed else ""
    more = collected("cause", "service", incident.service.name) if deployed else ""
    detected = world.tell(at, forms["incident.detected"], key, told + "}", chain=chain, links=links, more=more)
    at += world.took(400)
    reported = f'{told},"ticketURI":"{TICKETS.source}/{incident.ticket}"}}'
    cause = world.tell(at, forms["incident.reported"], key, reported, chain=chain, links=path(detected))
    _ticket(world, at + 900, incident, cause)
    if not world.likely(0.03):  # some are never told to be over
        at += (20 * MINUTE if deployed else 0) + world.took(2600)
        world.tell(at, forms["incident.resolved"], key, told + "}", chain=chain, links=path(cause))
    return detected


def _ticket(world: World, at: int, incident: Incident, cause: str) -> None:
    team, forms, key = incident.service.repository.team, TICKETS.forms, incident.ticket
    told = (
        f'{{"summary":"{incident.service.name}: {incident.symptom}","ticketType":"incident","group":"{team}",'
        f'"creator":"alert-bot","priority":"high","uri":"{TICKETS.source}/{key}"'
    )
    created = world.tell(at, forms["ticket.created"], key, told + "}", chain=incident.chain, links=path(cause))
    closed = f'{told},"resolution":"completed","updatedBy":"{team}"}}'
    due = at + world.waited(20)
    world.tell(due, forms["ticket.closed"], key, closed, chain=incident.chain, links=path(created))
