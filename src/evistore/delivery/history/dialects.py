"""What differs between the spec versions a platform speaks at the same time."""

from dataclasses import dataclass
from typing import Final

_SUBJECT_TYPES: Final = {
    "pipelinerun": "pipelineRun",
    "taskrun": "taskRun",
    "testcaserun": "testCaseRun",
    "testsuiterun": "testSuiteRun",
    "testoutput": "testOutput",
}
_SINCE_0_3: Final = frozenset({"artifact.signed"})
_SINCE_0_4: Final = frozenset({"artifact.downloaded", "artifact.deleted", "testcaserun.skipped"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """One spec version as a producer writes it."""

    version: str
    step: int
    """0 for 0.3, 1 for 0.4, 2 for 0.5: the versions of the event types rise with it."""

    @property
    def version_member(self) -> str:
        """Name of the member of `context` that declares the version."""
        return "specversion" if self.step > 1 else "version"

    @property
    def typed(self) -> bool:
        """Whether `subject.type` must be there; else it must not."""
        return self.step < 2  # noqa: PLR2004

    @property
    def linked(self) -> bool:
        """Whether `context` may hold a chain and links."""
        return self.step > 0

    @property
    def address(self) -> str:
        """Name of the member that holds an address."""
        return "uri" if self.step > 1 else "url"

    def verdict(self, *, passed: bool) -> str:
        """Outcome of a test run."""
        if self.step > 1:
            return "success" if passed else "failure"
        return "pass" if passed else "fail"

    def subject_type(self, kind: str) -> str:
        """`subject.type` of an event of *kind* (`build.started`)."""
        subject = kind.partition(".")[0]
        return _SUBJECT_TYPES.get(subject, subject)

    def type_of(self, kind: str) -> str:
        """`context.type` of an event of *kind*; a dash in the subject tells a custom one."""
        if "-" in kind:
            return f"dev.cdeventsx.{kind}.0.1.0"
        return f"dev.cdevents.{kind}.{self._type_version(kind)}"

    def _type_version(self, kind: str) -> str:
        subject = kind.partition(".")[0]
        if subject == "approval":
            return "0.1.0"
        if subject == "ticket" or kind in _SINCE_0_4:
            return f"0.{self.step}.0"
        if self.step == 0:
            return self._oldest(subject, kind)
        return f"0.{self.step + 2 if kind == 'change.created' else self.step + 1}.0"

    @staticmethod
    def _oldest(subject: str, kind: str) -> str:
        if subject.startswith("test") or kind in _SINCE_0_3:
            return "0.1.0"
        return "0.1.2" if subject in {"branch", "change"} else "0.1.1"


SPEC_0_3: Final = Dialect("0.3.0", 0)
SPEC_0_4: Final = Dialect("0.4.1", 1)
SPEC_0_5: Final = Dialect("0.5.1", 2)
SPEC_0_6: Final = Dialect("0.6.0-draft", 2)
