"""A database server without room: said clearly, readers go on, nothing is lost, and all goes on by itself.

What PostgreSQL says when a file cannot grow is raised by a trigger here: a test may not fill a disk.
"""

from __future__ import annotations

import json

import pytest
from prometheus_client import REGISTRY

from fixtures.commands import evistore
from fixtures.consuming import eventually, execute, rows
from fixtures.databases import template
from fixtures.reporting import consuming, send, settings
from fixtures.serving import cdevent, serving

FULL = """
CREATE FUNCTION cdviz.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file "base/16384/16385": No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON cdviz.event_identity FOR EACH ROW EXECUTE FUNCTION cdviz.full_disk()
"""
ROOM = "DROP FUNCTION cdviz.full_disk() CASCADE"


@pytest.fixture
def url(postgres18):
    url = postgres18.fresh_database(template(postgres18))
    yield url
    postgres18.discard(url)


def stored(url):
    return sorted(row[0] for row in rows(url, "SELECT context_id FROM cdviz.cdevents_lake"))


def test_senders_are_told_readers_go_on_and_room_is_enough_to_go_on(url):
    with serving(url) as server:
        assert server.post(cdevent("before")).status_code == 201
        execute(url, FULL)
        refused = [server.post(cdevent("refused")), server.post([cdevent("a"), cdevent("b")])]
        assert [(one.status_code, one.json()["code"]) for one in refused] == [(503, "database-full")] * 2
        assert "retry-after" in refused[0].headers
        assert [server.get(path).status_code for path in ("/events", "/ready")] == [200, 200]
        execute(url, ROOM)
        assert server.post(cdevent("refused")).status_code == 201
    assert stored(url) == ["before", "refused"]


def test_a_file_is_read_on_where_it_stopped(url, tmp_path):
    lines = tmp_path / "events.ndjson"
    lines.write_text("\n".join(json.dumps(cdevent(str(number))) for number in range(5)), "utf-8")
    execute(url, FULL)
    told = evistore("ingest", lines, "--database-url", url)
    assert (told.returncode, "[database-full]" in told.stderr) == (4, True), told.stderr
    execute(url, ROOM)
    assert evistore("ingest", lines, "--database-url", url).returncode == 0
    assert stored(url) == [str(number) for number in range(5)]


@pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
def test_a_consumer_waits_in_its_group_until_there_is_room(url, broker):
    topic = broker.fresh_topic()
    execute(url, FULL)
    before = waits()
    with consuming(settings(broker, "full", url, kafka_topics=[topic])):
        send(broker, topic, [json.dumps(cdevent(str(number))).encode() for number in range(9)])
        eventually(lambda: waits() > before, True)
        assert stored(url) == []
        execute(url, ROOM)
        eventually(lambda: len(stored(url)), 9)
    assert rows(url, "SELECT next_offset FROM evistore.consumer_position") == [(9,)]
    assert rows(url, "SELECT count(*) FROM evistore.quarantine") == [(0,)]


def waits():
    return REGISTRY.get_sample_value("evistore_consumer_waits_total", {"code": "database-full"}) or 0
