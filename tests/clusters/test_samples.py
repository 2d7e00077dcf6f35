"""Every sample message of the reference data has its outcome, in a database of its own."""

from __future__ import annotations

import re

import pytest

from evistore.clusters.ingest import accept
from evistore.kernel.database import Transaction
from fixtures.cdevents import table
from fixtures.shared import require_shared, shared_files

ROW = re.compile(r"^\| `(?P<file>[\w/.]+)` \| (?P<outcome>stored|skipped-empty|error) \| (?P<why>.*) \|$", re.MULTILINE)
OUTCOMES = {"stored": "stored", "skipped-empty": "skipped", "error": "faulty"}
FILES = shared_files("insights/messages/*/*.json")


def wanted():
    text = (require_shared() / "insights" / "README.md").read_text("utf-8")
    return {row["file"]: (OUTCOMES[row["outcome"]], row["why"]) for row in ROW.finditer(text)}


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_every_sample_has_its_outcome_and_its_rows(delivery):
    listed = wanted()
    assert {f"{path.parent.name}/{path.name}" for path in FILES} == listed.keys()
    for path in FILES:
        outcome, why = listed[f"{path.parent.name}/{path.name}"]
        with delivery.transaction(force_rollback=True):
            (receipt,) = accept(Transaction(delivery), "report", [path.read_bytes()])
            assert receipt.outcome == outcome, (path, receipt)
            hits = int(found[1]) if (found := re.match(r"(\d+) rule hit", why)) else 0
            counts = table(
                delivery,
                """SELECT (SELECT count(*) FROM public.report), (SELECT count(*) FROM public.rule_hit), (SELECT count(*) FROM public.recommendation),
                          (SELECT count(*) FROM clusters.hit_episode WHERE resolved_at IS NULL), (SELECT count(*) FROM public.report_info)""",
            )
            assert counts[0][:4] == ((1, hits, hits, hits) if outcome == "stored" else (0, 0, 0, 0)), path
            assert counts[0][4] == (1 if "version kept" in why else counts[0][4]), path
            assert (receipt.faults != ()) == (outcome == "faulty")
