"""What changed: where something else runs than at the beginning of a window."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from evistore.delivery import activity, services
from evistore.delivery.matrix import stage_of
from evistore.delivery.pages_tables import changes_table
from evistore.delivery.parameters import reading
from evistore.web.filters import Row
from evistore.web.lanes import Lane, Step, lanes
from evistore.web.pages import Pages
from evistore.web.words import moment

_LANES = 24
_ROWS = 100


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the page into *routes*."""

    @routes.get("/changes")
    def get_changes(request: Request) -> Response:
        row = Row.of(request.query_params, "time", "environment", "service", usual="24h")
        asked, window = row.filters, row.window
        with reading(request) as tx:
            before, after = (
                services.running(tx, at=at, service=asked.service, environment=asked.environment)
                for at in (window.since, window.until)
            )
        changed = activity.changes(before, after)
        names = sorted({one.environment_id for one in (*before, *after)})
        return pages.render(
            request,
            "changes",
            place="Overview",
            filters=Row(asked, row.applied, row.usual, {"environment": names}),
            tables=[changes_table(changed, _ROWS)],
            changed=changed,
            before=moment(window.since),
            after=moment(window.until),
            lanes=lanes("Where and when", _lanes(changed), window),
        )

    _ = get_changes


def _lanes(changed: list[activity.Change]) -> list[Lane]:
    """A lane per environment, with the newest thing that happened to each service there."""
    found: dict[str, list[Step]] = {}
    for one in changed:
        if one.now is not None:
            step = Step(one.now.since, f"{one.service_id} {one.now.predicate}", f"/event/{one.now.position}")
            found.setdefault(one.environment_id, []).append(step)
    return [Lane(name, found[name]) for name in sorted(found, key=stage_of)][:_LANES]
