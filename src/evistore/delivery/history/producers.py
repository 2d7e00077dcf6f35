"""Who sends, and in which dialect: the forms of each producer's events, made ready once.

A form is all text of an event that never changes; writing one event is then a single formatted string.
"""

from dataclasses import dataclass, field
from typing import Final

from evistore.delivery.history.dialects import SPEC_0_3, SPEC_0_4, SPEC_0_5, SPEC_0_6, Dialect


@dataclass(frozen=True, slots=True)
class Form:
    """The constant text of one kind of event from one producer."""

    head: str
    """Everything before the event's id."""
    subject: str
    """Everything between the subject's id and its content."""
    linked: bool
    """Whether chain and links may be told."""


class Forms(dict[str, Form]):
    """Forms by kind (`build.started`), made when first asked for."""

    def __init__(self, source: str, dialect: Dialect) -> None:
        self._source = source
        self._dialect = dialect

    def __missing__(self, kind: str) -> Form:
        """Make and keep the form of *kind*."""
        dialect, source = self._dialect, self._source
        head = (
            f'{{"context":{{"{dialect.version_member}":"{dialect.version}","source":"{source}",'
            f'"type":"{dialect.type_of(kind)}","id":"'
        )
        typed = f',"type":"{dialect.subject_type(kind)}"' if dialect.typed else ""
        self[kind] = Form(head, f'","source":"{source}"{typed},"content":', dialect.linked)
        return self[kind]


@dataclass(frozen=True, slots=True)
class Producer:
    """A tool that sends events: its source, its dialect, its forms."""

    source: str
    dialect: Dialect
    forms: Forms = field(compare=False, repr=False)

    @property
    def page(self) -> str:
        """An absolute address under which the tool shows its things."""
        return self.source if self.source.startswith("https:") else f"https://builds.example.com{self.source}"


def _producer(source: str, dialect: Dialect) -> Producer:
    return Producer(source, dialect, Forms(source, dialect))


FORGE: Final = _producer("https://git.example.com/shop", SPEC_0_4)
FORGE_EVENTS: Final = _producer("https://git.example.com/hooks/v2", SPEC_0_5)
CI: Final = _producer("https://ci.example.com/pipelines", SPEC_0_5)
TEKTON: Final = _producer("https://ci.example.com/tekton/shop", SPEC_0_4)
JENKINS: Final = _producer("/jenkins/controller-1", SPEC_0_3)
REGISTRY: Final = _producer("https://registry.example.com/shop", SPEC_0_4)
ARGO_TEST: Final = _producer("https://argo.example.com/test", SPEC_0_5)
ARGO_LIVE: Final = _producer("https://argo.example.com/live", SPEC_0_4)
SCANNER: Final = _producer("https://scanner.example.com/nightly", SPEC_0_4)
ALERTS: Final = _producer("https://alerts.example.com/manager", SPEC_0_5)
TICKETS: Final = _producer("https://tickets.example.org/shop", SPEC_0_4)
APPROVALS: Final = _producer("https://approvals.example.org/gate", SPEC_0_6)
FLAGS: Final = _producer("https://flags.example.org/shop", SPEC_0_5)
INVENTORY: Final = _producer("https://inventory.example.com/platform", SPEC_0_5)
