"""What can be asked about the interface itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from evistore.clusters import organizations
from evistore.clusters.routes.answers import Answer, ok
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.metrics import Metrics
from evistore.clusters.routes.schemas import STRING, answer, closed
from evistore.clusters.routes.table import Operation
from evistore.kernel.database import Transaction

_OPENAPI = "openapi.json"


def operations(metrics: Metrics, document: Callable[[], Mapping[str, Any]]) -> list[Operation]:
    """The operations, with what is measured, and what gives the description of all operations."""

    def get_metrics(_: Transaction, __: Call) -> Answer:
        return Answer(metrics.page(), media_type=metrics.media_type)

    def get_openapi(_: Transaction, __: Call) -> Answer:
        return Answer(orjson.dumps(document(), option=orjson.OPT_INDENT_2), media_type=b"application/json")

    return [
        Operation(
            "main",
            "GET",
            "",
            _main,
            "Whether the interface works",
            answer=answer(),
            away=503,
            description="It does if the database answers.",
        ),
        Operation(
            "info",
            "GET",
            "info",
            _info,
            "What runs here",
            answer=answer(
                info=closed(**dict.fromkeys(sorted([*_build(), "DVO_DB_version", "OCP_DB_version"]), STRING))
            ),
            options=True,
            description="Without a build that says which commit it is, `BuildCommit` is a digest of the program's files.",
        ),
        Operation(
            "metrics",
            "GET",
            "metrics",
            get_metrics,
            "Figures for Prometheus",
            answer=STRING,
            asks=False,
            open=True,
            media_type="text/plain",
        ),
        Operation(
            "openapi",
            "GET",
            _OPENAPI,
            get_openapi,
            "This description",
            answer={"type": "object", "required": ["openapi"]},
            asks=False,
            open=True,
        ),
    ]


def _main(tx: Transaction, _: Call) -> Answer:
    organizations.answers(tx)
    return ok()


def _info(tx: Transaction, _: Call) -> Answer:
    found = organizations.versions(tx)
    versions = {"DVO_DB_version": str(found.dvo or 0), "OCP_DB_version": str(found.ocp or 0)}
    return ok(info=dict(sorted((_build() | versions).items())))


@cache
def _build() -> dict[str, str]:
    """What identifies the program that runs: its version, the newest of its files, and a digest of them all."""
    paths = sorted(Path(str(files("evistore"))).rglob("*.py"))
    digest = hashlib.sha1(b"".join(path.read_bytes() for path in paths), usedforsecurity=False)
    newest = datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), UTC)
    number = f"v{version('evistore')}"
    return {
        "BuildBranch": "unknown",
        "BuildCommit": digest.hexdigest(),
        "BuildTime": f"{newest:%a %b %d %H:%M:%S UTC %Y}",
        "BuildVersion": number,
        "UtilsVersion": number,
    }
