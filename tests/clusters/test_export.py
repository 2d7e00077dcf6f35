"""An export holds every table of one moment, whatever tables there are, and costs no memory."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest

from evistore.clusters.export import MANIFEST, Wish, export
from evistore.kernel.database import Database
from evistore.kernel.errors import Fault, Misconfigured, NotFound, Rejected, Unavailable
from evistore.kernel.settings import Settings
from evistore.kernel.stores import store
from fixtures.buckets import Bucket
from fixtures.commands import environment, evistore

servers = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
native = pytest.mark.parametrize("engine", ["native"], indirect=True)
every = pytest.mark.parametrize("engine", ["native", "native15", "timescale"], indirect=True)

ODD = "a,\"b\"\n'c' \\. \\N née 🦀 \r\n\t%s {0}"
OTHERS = """
CREATE TABLE public.advisor_ratings (user_id varchar NOT NULL, org_id varchar NOT NULL, rating smallint, "odd, ""name"" of it" text);
INSERT INTO public.advisor_ratings VALUES ('u', '1', NULL, ''), ('v', '1', 1, NULL);
CREATE TYPE mood AS ENUM ('sad', 'it''s fine');
CREATE DOMAIN little AS smallint;
CREATE TABLE public."Odd/Table" (
    b boolean, i2 smallint, l little, i4 integer, i8 bigint, r real, d double precision, n numeric, t text, v varchar(9), c char(3), j jsonb,
    a text[], m mood, y bytea, u uuid, day date, at timestamp, atz timestamptz, span interval, gone int
);
ALTER TABLE public."Odd/Table" DROP COLUMN gone;
INSERT INTO public."Odd/Table" VALUES (
    true, -1, 7, 2, 9007199254740993, 0.1, 'NaN', 12345678901234567890.123, '', 'v', 'c', '{"a": [1, null]}', '{x,NULL,"a b"}',
    'it''s fine', '\\x00ff', '5d5892d3-1f74-4ccf-91af-548dfc9767aa', '2024-02-29', '2024-02-06 12:25:07.418761',
    '2024-02-06 12:25:07+02', '1 day 2 hours'
);
INSERT INTO public."Odd/Table" (t) VALUES (NULL);
CREATE TABLE public.parted (at date) PARTITION BY RANGE (at);
CREATE TABLE public.parted_2024 PARTITION OF public.parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO public.parted VALUES ('2024-05-05');
CREATE TABLE public.columnless ();
CREATE VIEW public.seen AS SELECT 1;
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.other (a int);
"""


def exported(url: str, folder: Path, **wish) -> dict:
    """The manifest of an export of the database at *url* into *folder*."""
    with Database(url) as database, store(str(folder), Settings(), last=MANIFEST) as place:
        export(database, place, Wish(**wish))
    return json.loads((folder / MANIFEST).read_text("utf-8"))


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def filled(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO public.report (org_id, cluster, report, reported_at, last_checked_at) VALUES (1, 'c1', %s, '2024-02-06 12:25:07.418761', NULL),"
        " (2, 'c2', '', NULL, '2024-02-06')",
        [ODD],
    )
    connection.execute(
        "INSERT INTO public.consumer_error VALUES ('t', 0, 1, NULL, now(), now(), '', %s), ('t', 0, 2, '', now(), now(), NULL, '')",
        [ODD],
    )
    connection.execute(
        "INSERT INTO dvo.dvo_report VALUES (1, 'c1', 'n', NULL, '\"{}\"', 1, 2, NULL, now(), '{\"a|K\": 3}')"
    )


def broken_off(where: str | Path, settings: Settings, parts: list[bytes]) -> None:
    """Write a file into *where*, then another of which only these *parts* come."""

    def content():
        yield from parts
        raise ValueError("amid")

    with store(str(where), settings, last=MANIFEST) as place:
        place.write("whole.csv", [b"a", b"b"])
        place.write("broken.csv", content())


@pytest.fixture
def foreign(engine, engine_url) -> str:
    """A database of another system."""
    with psycopg.connect(engine_url, autocommit=True) as connection:
        connection.execute(OTHERS)
    return engine_url


@every
def test_every_table_is_there_and_the_manifest_says_what_it_holds(delivery, delivery_url, tmp_path):
    filled(delivery)
    manifest = exported(delivery_url, tmp_path / "out")
    names = {
        row[0]
        for row in delivery.execute(
            "SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname"
            "  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('public', 'dvo', 'clusters') AND c.relkind = 'r'"
            "   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')"
        )
    }
    assert {one["table"] for one in manifest["tables"]} == names
    assert {"report", "migration_info", "dvo.migration_info", "dvo.dvo_report", "clusters.hit_episode"} <= names
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{name}.csv" for name in names} | {MANIFEST}
    for one in manifest["tables"]:
        content = (tmp_path / "out" / one["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
        first, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
        assert (first, len(rows)) == (list(one["columns"]), one["rows"])
    assert manifest["complete"] is True
    assert abs(datetime.fromisoformat(manifest["snapshot_at"]) - datetime.now(UTC)) < timedelta(minutes=5)


@servers
def test_null_is_an_empty_field_and_an_empty_text_is_quoted(delivery, delivery_url, tmp_path):
    filled(delivery)
    exported(delivery_url, tmp_path / "out")
    lines = (tmp_path / "out" / "report.csv").read_text("utf-8").splitlines()
    assert lines[0] == "org_id,cluster,report,reported_at,last_checked_at,kafka_offset,gathered_at"
    assert lines[-1] == '2,c2,"",,2024-02-06 00:00:00,0,'
    assert read(tmp_path / "out" / "report.csv")[1][:4] == ["1", "c1", ODD, "2024-02-06 12:25:07.418761"]


@servers
def test_postgresql_reads_its_export_back(delivery, delivery_url, tmp_path):
    filled(delivery)
    exported(delivery_url, tmp_path / "out")
    for table in ("report", "consumer_error", "dvo.dvo_report"):
        delivery.execute(f"CREATE TEMP TABLE again (LIKE {table})")
        with delivery.cursor().copy("COPY again FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write((tmp_path / "out" / f"{table}.csv").read_bytes())
        assert delivery.execute("SELECT count(*) FROM again").fetchone()[0] > 0
        assert (
            delivery.execute(
                f"(TABLE again EXCEPT TABLE {table}) UNION ALL (TABLE {table} EXCEPT TABLE again)"
            ).fetchall()
            == []
        )
        delivery.execute("DROP TABLE again")


@servers
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_all_tables_are_of_one_moment(delivery, delivery_url, tmp_path, form):
    filled(delivery)

    def meddle(_: int) -> None:
        with psycopg.connect(delivery_url) as other:
            other.execute("DELETE FROM dvo.dvo_report")
            other.execute("DELETE FROM public.consumer_error")
            other.execute("INSERT INTO clusters.consumer_fault VALUES ('t', 0, 9, '[]') ON CONFLICT DO NOTHING")

    with Database(delivery_url) as database, store(str(tmp_path / "out"), Settings(), last=MANIFEST) as place:
        files = {one.table: one for one in export(database, place, Wish(form, metadata=True), heard=meddle)}
    assert (files["dvo.dvo_report"].rows, files["consumer_error"].rows, files["clusters.consumer_fault"].rows) == (
        1,
        2,
        0,
    )
    assert dict(read(tmp_path / "out" / "_metadata.csv"))["dvo.dvo_report"] == "1"
    assert delivery.execute("SELECT count(*) FROM dvo.dvo_report").fetchone() == (0,)


@servers
def test_tables_of_another_system_are_exported_as_they_are(foreign, tmp_path):
    manifest = exported(foreign, tmp_path / "out", metadata=True, disabled_rules=True)
    assert {one["table"]: one["rows"] for one in manifest["tables"]} == {
        "advisor_ratings": 2,
        "Odd/Table": 2,
        "parted": 1,
    }
    assert read(tmp_path / "out" / "advisor_ratings.csv") == [
        ["user_id", "org_id", "rating", 'odd, "name" of it'],
        ["u", "1", "", ""],
        ["v", "1", "1", ""],
    ]
    assert (tmp_path / "out" / "_disabled_rules.csv").read_text("utf-8") == "Rule,Count\n"
    assert (tmp_path / "out" / "_tables.csv").read_text("utf-8") == "Table name\nOdd/Table\nadvisor_ratings\nparted\n"
    odd = read(tmp_path / "out" / "Odd%2FTable.csv")
    assert odd[1][10:12] == ["c  ", '{"a": [1, null]}']
    assert odd[1][16:] == ["2024-02-29", "2024-02-06 12:25:07.418761", "2024-02-06 10:25:07+00", "P1DT2H"]
    assert set(odd[2]) == {""}


@servers
def test_parquet_has_the_types_of_the_columns(foreign, tmp_path):
    exported(foreign, tmp_path / "out", form="parquet")
    table = pq.read_table(tmp_path / "out" / "Odd%2FTable.parquet")
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds == {
        "b": "bool", "i2": "int16", "l": "int16", "i4": "int32", "i8": "int64", "r": "float", "d": "double", "n": "string", "t": "string",
        "v": "string", "c": "string", "j": "string", "a": "string", "m": "string", "y": "string", "u": "string", "day": "date32[day]",
        "at": "timestamp[us]", "atz": "timestamp[us, tz=UTC]", "span": "string",
    }  # fmt: skip
    full, empty = table.to_pylist()
    assert (full["b"], full["i8"], full["n"], full["t"]) == (True, 9007199254740993, "12345678901234567890.123", "")
    assert full["at"] == datetime(2024, 2, 6, 12, 25, 7, 418761)  # noqa: DTZ001  # the column has no zone
    assert full["atz"] == datetime(2024, 2, 6, 10, 25, 7, tzinfo=UTC)
    assert (full["a"], full["y"], json.loads(full["j"])) == ('{x,NULL,"a b"}', "\\x00ff", {"a": [1, None]})
    assert set(empty.values()) == {None}
    assert table.schema.metadata[b"evistore.table"] == b"Odd/Table"


@servers
def test_parquet_and_csv_hold_the_same(delivery, delivery_url, tmp_path):
    filled(delivery)
    texts, typed = (
        exported(delivery_url, tmp_path / "csv"),
        exported(delivery_url, tmp_path / "parquet", form="parquet"),
    )
    assert [(one["table"], one["rows"], one["columns"]) for one in texts["tables"]] == [
        (one["table"], one["rows"], one["columns"]) for one in typed["tables"]
    ]
    rows = pq.read_table(tmp_path / "parquet" / "report.parquet").to_pylist()
    assert [row["report"] for row in rows] == [ODD, ""]
    assert [row["report"] for row in rows] == [row[2] for row in read(tmp_path / "csv" / "report.csv")[1:]]
    assert [row["last_checked_at"] is None for row in rows] == [True, False]


@native
def test_infinite_times_are_told(delivery, delivery_url, tmp_path):
    delivery.execute("INSERT INTO clusters.workload_check VALUES ('c', 1, '-infinity'), ('d', 1, '2024-01-01')")
    manifest = exported(delivery_url, tmp_path / "out", form="parquet")
    told = next(one for one in manifest["tables"] if one["table"] == "clusters.workload_check")
    assert (told["rows"], told["infinite"]) == (2, {"last_checked_at": 1})
    column = pq.read_table(tmp_path / "out" / "clusters.workload_check.parquet")["last_checked_at"]
    assert column.to_pylist() == [None, datetime(2024, 1, 1)]  # noqa: DTZ001


@native
def test_a_moment_that_parquet_cannot_hold_ends_the_export(delivery, delivery_url, tmp_path):
    delivery.execute(
        "INSERT INTO public.report (org_id, cluster, report, reported_at) VALUES (1, 'c', '', '0044-03-15 BC')"
    )
    with pytest.raises(Rejected) as told:
        exported(delivery_url, tmp_path / "out", form="parquet")
    assert told.value.code == "value-not-for-parquet"
    assert list(tmp_path.iterdir()) == []
    exported(delivery_url, tmp_path / "out")
    assert read(tmp_path / "out" / "report.csv")[1][3] == "0044-03-15 00:00:00 BC"


@native
def test_tables_can_be_left_out_and_cut(delivery, delivery_url, tmp_path):
    filled(delivery)
    manifest = exported(
        delivery_url,
        tmp_path / "out",
        ignored=frozenset({"public.consumer_error", "dvo.dvo_report"}),
        limit=1,
        metadata=True,
    )
    tables = {one["table"]: one["rows"] for one in manifest["tables"]}
    assert not {"consumer_error", "dvo.dvo_report"} & set(tables)
    assert tables["report"] == 1
    assert read(tmp_path / "out" / "report.csv")[1][1] == "c1"
    assert dict(read(tmp_path / "out" / "_metadata.csv"))["report"] == "2"
    with pytest.raises(NotFound) as told:
        exported(delivery_url, tmp_path / "other", ignored=frozenset({"nothing"}))
    assert told.value.code == "table-unknown"


@native
def test_a_database_without_tables_is_no_export(engine, engine_url, tmp_path):
    with pytest.raises(NotFound):
        exported(engine_url, tmp_path / "out")


@native
def test_rules_that_users_agree_to_disable_are_counted(delivery, delivery_url, tmp_path):
    for user, rule in (("u1", 'r,"1"'), ("u2", 'r,"1"'), ("u3", "r2"), ("u3", "r3")):
        delivery.execute(
            "INSERT INTO public.cluster_user_rule_disable_feedback (cluster_id, user_id, rule_id, message, added_at, updated_at)"
            " VALUES ('c', %s, %s, '', now(), now())",
            [user, rule],
        )
    exported(delivery_url, tmp_path / "out", disabled_rules=True)
    assert (tmp_path / "out" / "_disabled_rules.csv").read_text("utf-8") == 'Rule,Count\n"r,""1""",2\n'


@native
def test_a_folder_with_something_in_it_is_left_alone(delivery_url, tmp_path):
    (tmp_path / "mine").write_text("mine")
    for folder in (tmp_path, tmp_path / "mine"):
        with pytest.raises(Misconfigured) as told:
            exported(delivery_url, folder)
        assert told.value.code == "folder-taken"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    (tmp_path / "empty").mkdir()
    assert exported(delivery_url, tmp_path / "empty")["complete"]


def test_a_folder_is_whole_or_not_there(tmp_path):
    with pytest.raises(ValueError, match="amid"):
        broken_off(tmp_path / "out", Settings(), [b"a"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured) as told, store(str(tmp_path / "file" / "out"), Settings(), last=MANIFEST):
        pass
    assert told.value.code == "folder-refuses"


@native
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_bucket_takes_what_a_folder_takes(delivery, delivery_url, bucket: Bucket, tmp_path, form):
    filled(delivery)
    manifest = exported(delivery_url, tmp_path / "out", form=form, metadata=True)
    where = f"s3://{bucket.name}/some/prefix/"
    words = ("clusters", "export", "--output", where, "--format", form, "--metadata")
    done = evistore(*words, settings=bucket.service.settings | {"database_url": delivery_url})
    assert (done.returncode, done.stderr) == (0, "")
    files = {name.removeprefix("some/prefix/"): content for name, content in bucket.files("some/prefix/").items()}
    assert set(files) == {path.name for path in (tmp_path / "out").iterdir()}
    told = json.loads(files[MANIFEST])
    assert [one["rows"] for one in told["tables"]] == [one["rows"] for one in manifest["tables"]]
    for one in told["tables"]:
        assert hashlib.sha256(files[one["file"]]).hexdigest() == one["sha256"]
        if form == "csv":
            assert files[one["file"]] == (tmp_path / "out" / one["file"]).read_bytes()


def test_an_upload_that_breaks_off_leaves_nothing_but_the_note_that_it_did(bucket: Bucket):
    with pytest.raises(ValueError, match="amid"):
        broken_off(f"s3://{bucket.name}/x", Settings(**bucket.service.settings), [bytes(1024 * 1024)] * 40)
    assert bucket.files() == {"x/manifest.json": b'{"complete": false}\n', "x/whole.csv": b"ab"}
    assert bucket.unfinished() == []


def test_a_large_file_goes_up_in_parts(bucket: Bucket):
    with store(f"s3://{bucket.name}", Settings(**bucket.service.settings), last=MANIFEST) as place:
        place.write("large.csv", (bytes([n]) * 1_000_000 for n in range(40)))
        place.write("empty.csv", [])
    files = bucket.files()
    assert files["large.csv"] == b"".join(bytes([n]) * 1_000_000 for n in range(40))
    assert files["empty.csv"] == b""
    head = bucket.service.client().head_object(Bucket=bucket.name, Key="large.csv")
    assert head["ETag"].strip('"').endswith("-3")


@pytest.mark.parametrize(
    ("change", "where", "kind", "code"),
    [
        ({"s3_secret_access_key": "wrong-secret"}, "s3://{}", Misconfigured, "bucket-refuses"),
        ({"s3_access_key_id": "AKIANOBODY"}, "s3://{}", Misconfigured, "bucket-refuses"),
        ({}, "s3://another-{}", Misconfigured, "bucket-refuses"),
        ({"s3_endpoint": "http://127.0.0.1:9"}, "s3://{}", Unavailable, "bucket-away"),
        ({}, "s3:/{}", Misconfigured, "s3-address"),
        ({}, "s3://Not_A_Bucket", Misconfigured, "s3-address"),
    ],
)
def test_what_a_bucket_refuses_is_told_without_a_secret(bucket: Bucket, change, where, kind, code):
    settings = bucket.service.settings | change
    with pytest.raises(Fault) as told, store(where.format(bucket.name), Settings(**settings), last=MANIFEST):
        pass
    assert (type(told.value), told.value.code) == (kind, code)
    assert settings["s3_secret_access_key"] not in str(told.value)
    assert "Debug source" not in str(told.value)


@native
def test_the_command_line_never_shows_a_secret(bucket: Bucket, delivery_url):
    settings = bucket.service.settings | {"s3_secret_access_key": "topsecret", "database_url": delivery_url}
    done = evistore("clusters", "export", "--output", f"s3://{bucket.name}", settings=settings)
    assert done.returncode == 3
    assert done.stderr.endswith("[bucket-refuses]\n")
    assert "topsecret" not in done.stdout + done.stderr
    assert "topsecret" not in repr(Settings(**settings))


MEASURED = """
import resource, sys
from pathlib import Path
from evistore.clusters.export import MANIFEST, Wish, export
from evistore.kernel.database import Database
from evistore.kernel.settings import Settings
from evistore.kernel.stores import store

url, where, form, limit = sys.argv[1:]
with Database(url) as database, store(where, Settings(), last=MANIFEST) as place:
    export(database, place, Wish(form, limit=int(limit)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@native
@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("place", ["folder", "bucket"])
def test_memory_does_not_grow_with_the_tables(delivery_url, bucket: Bucket, tmp_path, form, place):
    """180 MB of rows cost what 40 MB cost: beyond the parts in flight, nothing is kept."""
    with psycopg.connect(delivery_url) as connection:
        connection.execute(
            "INSERT INTO public.consumer_error SELECT 't', 0, n, NULL, now(), now(), repeat(md5(n::text), 125), ''"
            "  FROM generate_series(1, 45000) AS n"
        )

    def peak(limit: int) -> int:
        where = str(tmp_path / str(limit)) if place == "folder" else f"s3://{bucket.name}/{limit}"
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, delivery_url, where, form, str(limit)],
            env=environment(**bucket.service.settings), capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return int(done.stdout)

    small, large = peak(10_000), peak(45_000)
    assert large - small < 60, f"{small} MB for 40 MB, {large} MB for 180 MB"
