"""Runs of test suites and their cases, some of them flaky."""

from dataclasses import dataclass

from evistore.delivery.history.catalogue import TESTS, Service
from evistore.delivery.history.members import path
from evistore.delivery.history.producers import Producer
from evistore.delivery.history.world import World

_REPORTED = 3
"""Of a suite's cases so many are told one by one: the slowest, as tools do to spare the reader."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite to be run once."""

    kind: str
    service: Service
    producer: Producer
    chain: str
    environment: str
    key: str
    """Of what it is run for; unique."""

    @property
    def run(self) -> str:
        """Id of the suite's run."""
        return f"{self.key}-{self.kind}"

    @property
    def place(self) -> str:
        """The member that names the environment."""
        return f'"environment":{{"id":"{self.environment}"}}'


def tested(world: World, at: int, suite: Suite, cause: str) -> tuple[int, bool]:
    """Run the suite: when it ended and whether it passed."""
    forms, verdict = suite.producer.forms, suite.producer.dialect.verdict
    told = f'{{{suite.place},"testSuite":{{"id":"{suite.service.name}/{suite.kind}","name":"{suite.kind}"}}'
    if world.likely(0.5):
        trigger = told + ',"trigger":{"type":"pipeline"}}'
        cause = world.tell(at, forms["testsuiterun.queued"], suite.run, trigger, chain=suite.chain, links=path(cause))
        at += world.took(2)
    started = world.tell(at, forms["testsuiterun.started"], suite.run, told + "}", chain=suite.chain, links=path(cause))
    at, passed = _cases(world, at, suite, started)
    at += world.took(20)
    ended = f'{told},"outcome":"{verdict(passed=passed)}"}}'
    world.tell(at, forms["testsuiterun.finished"], suite.run, ended, chain=suite.chain, links=path(started))
    return at, passed


def _cases(world: World, at: int, suite: Suite, started: str) -> tuple[int, bool]:
    passed = True
    first = world.chance.randrange(len(TESTS))
    for offset in range(_REPORTED):
        name = TESTS[(first + offset) % len(TESTS)]
        at += world.took(1)
        if suite.producer.dialect.linked and world.likely(0.04):
            _skipped(world, at, suite, name)
            continue
        at, good = _case(world, at, suite, (name, ""), started)
        if not good and name in suite.service.flaky:
            at, good = _case(world, at + 200, suite, (name, "-again"), started)
        passed = passed and good
    return at, passed


def _case(world: World, at: int, suite: Suite, case: tuple[str, str], started: str) -> tuple[int, bool]:
    """One *case*, its name and what tells its run from an earlier one: when it ended and whether it passed."""
    name, attempt = case
    forms, verdict = suite.producer.forms, suite.producer.dialect.verdict
    good = not world.likely(0.22 if name in suite.service.flaky else 0.008)
    key, told, cause = f"{suite.run}-{name}{attempt}", _content(suite, name), started
    if world.likely(0.12):
        cause = world.tell(at, forms["testcaserun.queued"], key, told + "}", chain=suite.chain, links=path(cause))
        at += 120
    cause = world.tell(at, forms["testcaserun.started"], key, told + "}", chain=suite.chain, links=path(cause))
    at += world.took(9)
    reason = "" if good else ',"severity":"medium","reason":"expected and actual differ"'
    ended = f'{told},"outcome":"{verdict(passed=good)}"{reason}}}'
    ended_id = world.tell(at, forms["testcaserun.finished"], key, ended, chain=suite.chain, links=path(cause))
    if not good or world.likely(0.03):
        _report(world, at + 90, suite, key, ended_id)
    return at, good


def _content(suite: Suite, name: str) -> str:
    kind = "unit" if suite.kind == "unit" else "e2e"
    case = f'"testCase":{{"id":"{suite.service.name}/{suite.kind}/{name}","name":"{name}","type":"{kind}"}}'
    return f'{{{suite.place},"testSuiteRun":{{"id":"{suite.run}","source":"{suite.producer.source}"}},{case}'


def _skipped(world: World, at: int, suite: Suite, name: str) -> None:
    told = _content(suite, name) + ',"reason":"switched off for now"}'
    world.tell(at, suite.producer.forms["testcaserun.skipped"], f"{suite.run}-{name}", told, chain=suite.chain)


def _report(world: World, at: int, suite: Suite, key: str, cause: str) -> None:
    source = suite.producer.source
    told = (
        f'{{"outputType":"log","format":"text/plain","uri":"{suite.producer.page}/logs/{key}",'
        f'"testCaseRun":{{"id":"{key}","source":"{source}"}}}}'
    )
    form = suite.producer.forms["testoutput.published"]
    world.tell(at, form, f"{key}-log", told, chain=suite.chain, links=path(cause))
