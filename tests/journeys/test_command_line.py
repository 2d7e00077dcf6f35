"""What the command line says and ends with."""

from __future__ import annotations

import json
import signal
import subprocess
import time

import psycopg
import pytest

from fixtures import cdevents, cdviz
from fixtures.commands import PROGRAM, environment, evistore
from fixtures.source import REPOSITORY

native = pytest.mark.parametrize("engine", ["native"], indirect=True)
NOBODY = "postgresql://localhost:1/nothing?connect_timeout=2"


@pytest.mark.parametrize("words", [["--help"], ["schema", "--help"], ["quarantine", "drop", "--help"], ["--version"]])
def test_help_is_fine_and_quick(words):
    began = time.monotonic()
    done = evistore(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - began < 3.0  # some 80 ms on an idle machine; seconds would mean that it imports the world


@pytest.mark.parametrize(
    "words", [["nothing"], ["migrate", "--to", "x"], ["ingest"], ["quarantine", "drop", "1", "--all"]]
)
def test_wrong_words_end_with_2(words):
    assert evistore(*words).returncode == 2


def test_a_setting_that_cannot_be_ends_with_3_and_is_named():
    done = evistore("serve", settings={"http_port": "many"})
    assert done.returncode == 3
    assert "EVISTORE_HTTP_PORT" in done.stderr
    assert done.stderr.rstrip().endswith("[setting-invalid]")


def test_a_setting_that_is_missing_ends_with_3(tmp_path):
    done = evistore("consume", settings={"data_directory": str(tmp_path / "data")})
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words", [["migrate"], ["ingest", "-"], ["quarantine", "list"], ["schema", "show", "services", "--columns"]]
)
def test_a_database_that_does_not_answer_ends_with_4_in_one_line(words):
    done = evistore(*words, settings={"database_url": NOBODY}, given=b"{}")
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)
    assert "Traceback" not in done.stderr


def test_the_command_line_wins_over_the_environment():
    assert (
        evistore(
            "migrate", "--database-url", NOBODY, settings={"database_url": "postgresql://localhost:2/other"}
        ).returncode
        == 4
    )


@native
def test_a_server_that_is_interrupted_ends_in_order(delivery_url, tmp_path):
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0"],
        env=environment(database_url=delivery_url),
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as server:
        assert "listens on http://127.0.0.1:" in server.stderr.readline()
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0


@native
def test_ctrl_c_ends_an_ingest_with_130(delivery_url, tmp_path):
    with subprocess.Popen(
        [PROGRAM, "ingest", "-"],
        env=environment(database_url=delivery_url),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as ingest:
        time.sleep(1.5)  # it waits for its input by then
        ingest.send_signal(signal.SIGINT)
        assert ingest.wait(30) == 130


@native
def test_a_database_is_migrated_back_and_forth(engine, engine_url):
    told = json.loads(evistore("migrate", "--json", "--database-url", engine_url).stdout)
    assert told["engine"] == engine.kind
    assert len(told["applied"]) == told["migration"]
    back = evistore("migrate", "--to", "1", "--database-url", engine_url)
    assert "undone 0002" in back.stdout
    sql = evistore("migrate", "--sql", "--database-url", engine_url)
    assert "CREATE TABLE cdviz.cdevents_lake" in sql.stdout
    assert evistore("migrate", "--database-url", engine_url).returncode == 0
    with psycopg.connect(engine_url) as connection:
        assert connection.execute("SELECT count(*) FROM cdviz.cdevents_lake").fetchone() == (0,)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_view_of_somebody_else_that_stands_in_the_way_is_named(engine, engine_url):
    assert evistore("migrate", "--database-url", engine_url).returncode == 0
    with psycopg.connect(engine_url) as connection:
        connection.execute("CREATE VIEW public.mine AS SELECT subject_id FROM cdviz.pipelinerun")

    done = evistore("migrate", "--to", "8", "--database-url", engine_url)

    assert done.returncode == 3
    assert "[schema-in-use]" in done.stderr
    assert "view mine depends on view pipelinerun" in done.stderr
    with psycopg.connect(engine_url) as connection:
        assert connection.execute("SELECT count(*) FROM public.mine").fetchone() == (0,)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("pipelinerun", "definitions/view/pipelinerun.sql"),
        ("cdviz.store_cdevents", "definitions/function/store_cdevents.sql"),
        ("evistore.quarantine", "migrations/0001_kernel.up.sql"),
        ("cdevents_lake", "migrations/0002_lake.up.sql"),
        ("ensure_lake", "native/1_lake.sql"),
    ],
)
def test_schema_show_says_where_an_object_is_written(name, path):
    done = evistore("schema", "show", name, folder=REPOSITORY)
    assert done.returncode == 0
    assert any(line.startswith("-- src/evistore/") and f"{path}:" in line for line in done.stdout.splitlines())
    assert "COMMENT ON" in done.stdout


@native
def test_schema_show_asks_a_database_for_the_columns(delivery_url):
    told = evistore("schema", "show", "services", "--database-url", delivery_url).stdout
    assert "environment_id  text" in told


def test_schema_show_of_something_unknown_ends_with_1():
    done = evistore("schema", "show", "nothing")
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("[object-unknown]")


@native
def test_maintain_says_what_it_did_and_nothing_is_left_to_do(delivery_url):
    words = ("maintain", "--json", "--database-url", delivery_url)
    due = json.loads(evistore(*words, "--dry-run").stdout)
    done = json.loads(evistore(*words).stdout)
    assert due["partitions_made"] == done["partitions_made"] > 0
    assert json.loads(evistore(*words).stdout)["partitions_made"] == 0


@native
@pytest.mark.parametrize("words", [["maintain"], ["quarantine", "list"], ["ingest", "-"]])
def test_a_database_without_the_schema_is_a_fault_and_no_bug(engine_url, words):
    done = evistore(*words, "--database-url", engine_url, given=b"{}")
    assert done.returncode in {3, 4}
    assert len(done.stderr.splitlines()) == 1


@native
def test_a_database_of_cdviz_is_taken_over_and_its_projections_can_be_made_anew(engine):
    url = engine.fresh_database()
    try:
        cdviz.build(
            url,
            [cdevents.event("service.deployed", "shop", cdevents.NOW, environment="prod", artifact="a")],
            hypertable=False,
        )

        migrated, again = evistore("migrate", "--database-url", url), evistore("migrate", "--database-url", url)
        rebuilt = evistore("rebuild", "--database-url", url)
        with psycopg.connect(url) as connection:
            runs = connection.execute("SELECT service_id, environment_id, artifact_id FROM cdviz.services").fetchall()

        assert (migrated.returncode, again.returncode, rebuilt.returncode) == (0, 0, 0), (
            migrated.stderr + rebuilt.stderr
        )
        assert "adopted 1 events, 0 set aside" in migrated.stdout
        assert "adopted" not in again.stdout
        assert rebuilt.stdout == "1 events were read off anew\n"
        assert runs == [("shop", "prod", "a")]
    finally:
        engine.discard(url)


@native
def test_a_native_lake_stays_where_timescaledb_is_not_to_be_had(delivery_url):
    done = evistore("convert", "--database-url", delivery_url)
    assert done.returncode == 3
    assert done.stderr.rstrip().endswith("[timescale-missing]")


@native
def test_the_schema_is_dumped_alike_every_time(delivery_url):
    one, other = (
        evistore("schema", "dump", "--database-url", delivery_url),
        evistore("schema", "dump", "--database-url", delivery_url),
    )
    assert one.returncode == 0
    assert one.stdout == other.stdout
    assert "CREATE TABLE cdviz.subject_state" in one.stdout
