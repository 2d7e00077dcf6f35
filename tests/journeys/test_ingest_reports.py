"""Files of messages about clusters go in whole, packed or not, and say what became of each."""

from __future__ import annotations

import gzip
import json
from uuid import UUID

import psycopg
import pytest
import zstandard

from fixtures.commands import evistore
from fixtures.insights_messages import CHECKED, report_message, workloads_message

pytestmark = pytest.mark.parametrize("engine", ["native"], indirect=True)
ZERO = {"stored": 0, "older": 0, "repeated": 0, "skipped": 0, "faulty": 0}


def cluster(number):
    return str(UUID(int=number))


def reports(count):
    return [report_message(cluster=cluster(number), hits=["rules.a|A"]) for number in range(count)]


def ask(url, query):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def run(url, kind, *words, given=b"", **settings):
    done = evistore("ingest", "--kind", kind, *words, settings={"database_url": url, **settings}, given=given)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def ingest(url, kind, *words, given=b"", **settings):
    """The exit status, and what was told of the first file."""
    done = run(url, kind, "--json", *words, given=given, **settings)
    return done.returncode, json.loads(done.stdout)["files"][0]


def outcomes(told):
    return {name: told[name] for name in ZERO}


@pytest.mark.parametrize(
    "pack",
    [bytes, gzip.compress, zstandard.compress, lambda raw: gzip.compress(raw[:500]) + gzip.compress(raw[500:])],
    ids=["plain", "gzip", "zstandard", "two gzip members"],
)
@pytest.mark.parametrize("form", ["lines", "array", "pretty"])
def test_every_form_goes_in(delivery_url, tmp_path, pack, form):
    messages = reports(5)
    content = {
        "lines": b"\n".join(messages),
        "array": b"[" + b",".join(messages) + b"]",
        "pretty": json.dumps([json.loads(one) for one in messages], indent=2).encode(),
    }[form]
    path = tmp_path / "reports"
    path.write_bytes(pack(content))

    status, told = ingest(delivery_url, "report", path)

    assert (status, outcomes(told), told["fault"]) == (0, ZERO | {"stored": 5}, None)
    assert ask(delivery_url, "SELECT count(*) FROM public.recommendation") == [(5,)]


def test_workloads_go_in_as_workloads(delivery_url, tmp_path):
    path = tmp_path / "workloads.ndjson"
    path.write_bytes(b"\n".join(workloads_message(cluster=cluster(number)) for number in range(3)))

    assert ingest(delivery_url, "workloads", path)[0] == 0
    assert ask(delivery_url, "SELECT count(*) FROM dvo.dvo_report") == [(3,)]
    assert ask(delivery_url, "SELECT count(*) FROM public.report") == [(0,)]


def test_a_file_can_be_read_again_and_changes_nothing(delivery_url, tmp_path):
    path = tmp_path / "reports.ndjson"
    path.write_bytes(b"\n".join(reports(3)))

    assert outcomes(ingest(delivery_url, "report", path)[1]) == ZERO | {"stored": 3}
    status, told = ingest(delivery_url, "report", path)
    assert (status, outcomes(told)) == (0, ZERO | {"repeated": 3})


def test_messages_of_one_cluster_count_in_the_order_of_their_times(delivery_url):
    hits = [["rules.a|A"], ["rules.a|B"], ["rules.a|C"]]
    messages = [
        report_message(hits=found, last_checked=CHECKED.replace(hour=hour))
        for found, hour in zip(hits, (9, 11, 10), strict=True)
    ]
    status, told = ingest(delivery_url, "report", "-", given=b"\n".join(messages))

    assert (status, outcomes(told)) == (0, ZERO | {"stored": 2, "older": 1})
    assert ask(delivery_url, "SELECT error_key FROM public.recommendation") == [("B",)]


def test_standard_input_is_read_packed_and_plain(delivery_url):
    plain, packed = reports(4)[:2], reports(4)[2:]

    assert ingest(delivery_url, "report", "-", given=b"\n".join(plain))[1]["stored"] == 2
    status, told = ingest(delivery_url, "report", "-", given=gzip.compress(b"\n".join(packed)))
    assert (status, told["file"], told["stored"]) == (0, "-", 2)


def test_a_faulty_line_costs_no_other_and_is_found_by_its_line(delivery_url, tmp_path):
    one, other = reports(2)
    lines = [b"\xef\xbb\xbf" + one + b"\r", b"", b"{bad", b"  ", b'{"OrgID": "x"}', b"\xff\xfe", other]
    path = tmp_path / "reports.ndjson"
    path.write_bytes(b"\n".join(lines))

    status, told = ingest(delivery_url, "report", path)

    assert (status, outcomes(told)) == (1, ZERO | {"stored": 2, "faulty": 3})
    kept = ask(delivery_url, "SELECT origin, kind, reason, raw FROM clusters.quarantine ORDER BY id")
    assert [(origin, kind, raw) for origin, kind, _, raw in kept] == [
        ("file:reports.ndjson:3", "report", b"{bad"),
        ("file:reports.ndjson:5", "report", b'{"OrgID": "x"}'),
        ("file:reports.ndjson:6", "report", b"\xff\xfe"),
    ]
    reasons = [reason for _, _, reason, _ in kept]
    assert told["reasons"] == {reason: reasons.count(reason) for reason in reasons}


def test_what_says_nothing_is_skipped_and_fine(delivery_url):
    status, told = ingest(delivery_url, "report", "-", given=report_message(Report={}))

    assert (status, outcomes(told)) == (0, ZERO | {"skipped": 1})


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstandard"])
def test_a_cut_archive_gives_what_it_has_and_says_that_it_is_cut(delivery_url, tmp_path, pack):
    packed = pack(b"\n".join(reports(400)))
    path = tmp_path / "reports"
    path.write_bytes(packed[: len(packed) // 2])

    status, told = ingest(delivery_url, "report", path)

    assert (status, told["fault"]) == (1, "file-damaged")
    assert ask(delivery_url, "SELECT count(*) FROM public.report") == [(told["stored"],)]


def test_a_file_that_is_not_there_costs_no_other(delivery_url, tmp_path):
    path = tmp_path / "reports.ndjson"
    path.write_bytes(b"\n".join(reports(3)))

    done = run(delivery_url, "report", "--json", tmp_path / "nothing", path)

    told = json.loads(done.stdout)
    assert (done.returncode, told["messages"]) == (1, 3)
    assert [one["fault"] is None for one in told["files"]] == [False, True]
    assert done.stderr.count("[file-") == 1


def test_for_people_a_table_tells_what_became_of_every_file(delivery_url, tmp_path):
    for name, content in (("one.ndjson", b"\n".join(reports(2))), ("other.ndjson", b"{bad")):
        (tmp_path / name).write_bytes(content)

    done = run(delivery_url, "report", tmp_path / "one.ndjson", tmp_path / "other.ndjson")

    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0].split()) == (1, ["file", *ZERO])
    assert [line.split()[1:] for line in lines if line.startswith(str(tmp_path)) and "quarantine" not in line] == [
        ["2", "0", "0", "0", "0"],
        ["0", "0", "0", "0", "1"],
    ]
    assert any("other.ndjson: 1 in quarantine as " in line for line in lines)
    assert lines[-1].startswith("3 messages in ")


def test_an_empty_file_is_fine(delivery_url, tmp_path):
    (tmp_path / "empty").touch()

    status, told = ingest(delivery_url, "report", tmp_path / "empty")
    assert (status, outcomes(told)) == (0, ZERO)


def test_only_messages_of_organisations_that_are_wanted_come_in(delivery_url, tmp_path):
    file = tmp_path / "organizations.csv"
    file.write_text("OrgID\n7\n", "utf-8")
    given = b"\n".join(report_message(org=org, cluster=cluster(org)) for org in (7, 8))

    status, told = ingest(delivery_url, "report", "-", given=given, clusters_organizations_file=str(file))

    assert (status, told["stored"], told["faulty"]) == (1, 1, 1)
    assert ask(delivery_url, "SELECT org_id FROM public.report") == [(7,)]


@pytest.mark.parametrize("option", ["--from-start", "--validation=off"])
def test_options_that_are_for_events_are_refused(delivery_url, option):
    done = run(delivery_url, "report", option, "-", given=reports(1)[0])

    assert done.returncode == 2
    assert "are for events" in " ".join(done.stderr.split())
    assert ask(delivery_url, "SELECT count(*) FROM public.report") == [(0,)]
