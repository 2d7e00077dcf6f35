"""Messages about clusters that were kept: listed, looked at with all their faults, taken in after all, dropped; in the program and on pages."""

from __future__ import annotations

import json
import re
from html import unescape
from uuid import uuid4

import httpx
import pytest

from evistore.clusters import quarantine
from evistore.clusters.ingest import Rules, accept_and_keep
from evistore.kernel.errors import NotFound, Rejected
from fixtures.commands import evistore
from fixtures.insights_messages import CLUSTER, report_message, workloads_message
from fixtures.serving import served

BOTH = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
ONLY_8 = Rules(organizations=frozenset({8}))
HOSTILE = "<script>alert('1')</script>"


def keep(tx, *messages, kind="report", rules=None):
    """Their numbers in quarantine."""
    receipts = accept_and_keep(tx, kind, messages, origins=["test"] * len(messages), rules=rules)
    return [one.quarantine_id for one in receipts]


@BOTH
def test_the_list_holds_what_is_open_the_newest_first_and_by_page(tx):
    numbers = keep(tx, b"1", b"{}", b"nonsense", workloads_message())

    page = quarantine.page(tx, limit=2)
    rest = quarantine.page(tx, limit=2, before=int(page.next))
    assert [one.id for one in [*page.items, *rest.items]] == numbers[::-1]
    assert (rest.next, {one.kind for one in page.items}) == (None, {"report"})
    assert quarantine.page(tx, reason="no-such").items == []
    reason = rest.items[-1].reason
    assert numbers[0] in [one.id for one in quarantine.page(tx, reason=reason).items]
    assert ":" not in reason


@BOTH
def test_every_fault_is_told_again(tx):
    message = report_message(org="x", cluster=5, last_checked=HOSTILE)
    (number,) = keep(tx, message)
    (receipt,) = accept_and_keep(tx, "report", [message], origins=["again"])

    assert list(receipt.faults) == quarantine.faults(quarantine.one(tx, number))
    assert len(receipt.faults) > 2


@BOTH
def test_what_only_a_setting_has_against_it_is_told_in_one_sentence(tx):
    (number,) = keep(tx, report_message(org=7), rules=ONLY_8)

    (fault,) = quarantine.faults(quarantine.one(tx, number))
    assert (fault.pointer, fault.code) == ("", quarantine.one(tx, number).reason)
    assert "allow" in fault.text


@BOTH
def test_once_nothing_is_against_it_a_message_is_taken_in(tx):
    (number,) = keep(tx, report_message(org=7, hits=["rules.a|A"]), rules=ONLY_8)

    refused = quarantine.replay(tx, number, ONLY_8)
    assert (refused.outcome, quarantine.one(tx, number).state, quarantine.one(tx, number).seen) == ("faulty", "open", 1)
    assert quarantine.replay(tx, number, Rules()).outcome == "stored"

    told = quarantine.one(tx, number)
    assert (told.state, told.settled_by is not None) == ("replayed", True)
    assert tx.values("SELECT error_key FROM public.recommendation WHERE cluster_id = %(cluster)s", cluster=CLUSTER) == [
        "A"
    ]
    with pytest.raises(Rejected, match="replayed already"):
        quarantine.replay(tx, number, Rules())


@BOTH
def test_workloads_are_taken_in_as_workloads(tx):
    (number,) = keep(tx, workloads_message(org=7), kind="workloads", rules=ONLY_8)

    assert quarantine.one(tx, number).kind == "workloads"
    assert quarantine.replay(tx, number, Rules()).outcome == "stored"
    assert tx.value("SELECT count(*) FROM dvo.dvo_report WHERE cluster_id = %(cluster)s", cluster=CLUSTER) == 1


@BOTH
def test_a_message_that_a_later_one_has_overtaken_is_settled_all_the_same(tx):
    (number,) = keep(tx, report_message(org=7), rules=ONLY_8)
    keep(tx, report_message(org=7))

    assert quarantine.replay(tx, number, Rules()).outcome == "repeated"
    assert quarantine.one(tx, number).state == "replayed"


@BOTH
def test_what_is_dropped_stays_on_record(tx):
    (number,) = keep(tx, b"nonsense")

    assert quarantine.drop(tx, number).state == "dropped"
    assert quarantine.one(tx, number).raw == b"nonsense"
    with pytest.raises(Rejected, match="dropped already"):
        quarantine.drop(tx, number)


@BOTH
def test_quarantine_of_events_is_not_mixed_in(tx):
    number = tx.value("SELECT evistore.set_aside('delivery', 'not-json', '', 'test', NULL, 'x')")

    assert quarantine.page(tx).items == []
    with pytest.raises(NotFound):
        quarantine.one(tx, number)


@pytest.fixture(scope="module")
def site(postgres18):
    with served(postgres18) as one:
        yield one


def send(one, body, path="/insights/reports"):
    number = httpx.post(one.url + path, content=body, timeout=30).json()["quarantine_id"]
    # A window until now ends with the last whole second.
    one.ask(
        "UPDATE evistore.quarantine SET received_at = received_at - interval '2 seconds' WHERE id = %s RETURNING id",
        number,
    )
    return number


def told(site, *words):
    done = evistore("clusters", "quarantine", *words, settings={"database_url": site.database})
    assert "Traceback" not in done.stderr
    return done


def test_commands_list_show_replay_and_drop(site, tmp_path):
    cluster = str(uuid4())
    fine, bad = report_message(org=7, cluster=cluster), workloads_message(cluster="\ud800", org="x")
    file = tmp_path / "organizations.csv"
    file.write_text("OrgID\n8\n", "utf-8")
    allowed = {"database_url": site.database, "clusters_organizations_file": str(file)}
    assert evistore("ingest", "--kind", "report", "-", settings=allowed, given=fine).returncode == 1
    second = send(site, bad, "/insights/workloads")

    listed = [json.loads(line) for line in told(site, "list", "--json").stdout.splitlines()]
    (first,) = (one["id"] for one in listed if one["origin"] == "file:-:1")
    assert {one["id"]: one["kind"] for one in listed} | {first: "report", second: "workloads"} == {
        one["id"]: one["kind"] for one in listed
    }
    table = told(site, "list").stdout
    assert table.splitlines()[0].split() == ["id", "received", "(UTC)", "kind", "reason", "seen", "from", "why"]

    shown = json.loads(told(site, "show", str(second)).stdout)
    assert (shown["kind"], shown["raw"], shown["state"]) == ("workloads", bad.decode(), "open")
    assert {"/OrgID", "/ClusterName"} <= {fault["pointer"] for fault in shown["faults"]}

    replayed = told(site, "replay", str(first), str(second))
    assert replayed.returncode == 1
    assert replayed.stdout.splitlines()[0] == f"{first}: stored"
    assert replayed.stdout.splitlines()[1].startswith(f"{second}: faulty: /")
    assert site.ask("SELECT org_id FROM public.report WHERE cluster = %s", cluster) == [(7,)]

    dropped = told(site, "drop", str(second))
    assert (dropped.returncode, dropped.stdout) == (0, f"{second}: dropped\n")
    assert told(site, "drop", str(second)).returncode == 1
    states = {
        one["id"]: one["state"]
        for one in map(json.loads, told(site, "list", "--state", "any", "--json").stdout.splitlines())
    }
    assert (states[first], states[second]) == ("replayed", "dropped")
    assert told(site, "replay").returncode == 2


def test_a_reason_that_no_open_message_has_is_told(site):
    done = told(site, "replay", "--reason", "not-jsno")

    assert (done.returncode, done.stdout) == (0, "")
    assert "no message stands open for the reason not-jsno" in done.stderr


def test_pages_lead_from_the_faulty_ones_to_each_with_all_that_is_wrong(site):
    number = send(site, report_message(org="x", cluster=HOSTILE, last_checked="yesterday"))

    errors = site.get("/clusters/errors").text
    assert "came over HTTP or in files" in errors
    assert f'href="/clusters/errors/kept/{number}"' in errors
    assert f'href="/clusters/errors/kept/{number}"' in site.get("/clusters/errors/kept").text
    page = site.get(f"/clusters/errors/kept/{number}")
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))
    assert page.status_code == 200
    for pointer in ("/OrgID", "/ClusterName", "/LastChecked"):
        assert pointer in text
    assert HOSTILE not in page.text
    assert f"evistore clusters quarantine replay {number}" in text


def test_the_page_of_faulty_messages_counts_what_fits_its_window_and_code(site):
    number = send(site, b"quite another thing")
    reason = site.ask("SELECT reason FROM clusters.quarantine WHERE id = %s", number)[0][0]

    def shown(query):
        return f"/clusters/errors/kept/{number}" in site.get(f"/clusters/errors?{query}").text

    assert [shown(query) for query in (f"code={reason}", "code=none", "until=2026-01-01", "topic=any", "last=1h")] == [
        True,
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"nul \x00 character", b"x" * 50_000, b'{"a":' * 3000])
def test_whatever_came_has_a_page(site, content):
    number = send(site, content or b"\n")

    assert site.get(f"/clusters/errors/kept/{number}").status_code == 200
    assert told(site, "show", str(number)).returncode == 0


def test_the_list_can_be_had_by_state_and_reason_and_as_files(site):
    number = send(site, b"to be dropped")
    told(site, "drop", str(number))

    assert site.get("/clusters/errors/kept?state=dropped&format=json").json()["items"][0]["id"] == number
    assert number not in [one["id"] for one in site.get("/clusters/errors/kept?format=json").json()["items"]]
    assert site.get("/clusters/errors/kept?state=all&format=csv").text.startswith("id,")
    assert site.get("/clusters/errors/kept?reason=nothing&format=json").json()["items"] == []
    assert site.get("/clusters/errors/kept/999999999").status_code == 404
