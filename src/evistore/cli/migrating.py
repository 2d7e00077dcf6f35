"""The databases that ``evistore migrate`` brings to the schema of this release: one for everything, or one for each body of evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evistore import clusters, delivery
from evistore.clusters import adoption as cluster_adoption
from evistore.contexts import CONTEXTS
from evistore.delivery import adoption as delivery_adoption
from evistore.kernel import migrations
from evistore.kernel.migrations import Adoption, Report
from evistore.kernel.schema import Context, Engine
from evistore.kernel.schema import migrations as steps


@dataclass(frozen=True, slots=True)
class Place:
    """One database and what belongs into it."""

    url: str
    contexts: Sequence[Context]
    adopt: Adoption
    engine: Engine | None = None
    """What holds its lake, where it is not to be found out."""

    def plan(self, to: int | None) -> str:
        """The SQL that :meth:`migrate` would run first."""
        return migrations.plan(self.url, self.contexts, to=self._target(to))

    def migrate(self, to: int | None, engine: Engine | None) -> Report:
        """Bring it to migration *to*, or to the last one before that concerns it."""
        return migrations.migrate(
            self.url, self.contexts, to=self._target(to), engine=self.engine or engine, adopt=self.adopt
        )

    def _target(self, to: int | None) -> int | None:
        everywhere = {one.number for one in steps(CONTEXTS)}
        if to not in everywhere:
            return to
        return max((one.number for one in steps(self.contexts) if one.number <= to), default=0)


def places(url: str, clusters_url: Callable[[], str] | None) -> list[Place]:
    """The database at *url*, and that of cluster evidence where it is another."""
    if clusters_url is None:
        return [Place(url, CONTEXTS, _adopt_both)]
    return [
        Place(url, delivery.CONTEXTS, delivery_adoption.adopt),
        Place(clusters_url(), clusters.CONTEXTS, cluster_adoption.adopt, "native"),
    ]


def _adopt_both(connection: Any) -> list[str]:
    return [*delivery_adoption.adopt(connection), *cluster_adoption.adopt(connection)]
