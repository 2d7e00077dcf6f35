"""What the images and the file for Compose say, checked without an engine for containers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from evistore.kernel.embedded import binary, embedded
from fixtures.commands import evistore
from fixtures.deploying import COMMANDS, DEPLOY, SETTINGS, document
from fixtures.engines import POSTGRES15, QUICK
from fixtures.parts import absent
from fixtures.serving import cdevent, serving
from fixtures.source import REPOSITORY

BIN = Path(sys.executable).parent
SCRIPTS = [*DEPLOY.glob("*/*.sh"), REPOSITORY / ".ci/run", REPOSITORY / ".ci/parts"]
CONTAINERFILES = [DEPLOY / "image/Containerfile", DEPLOY / "postgres/Containerfile"]
PASSWORDS = {f"EVISTORE_{name}_PASSWORD": f"it's {name.lower()}" for name in ("ADMIN", "PROGRAM", "READER")}
COMPOSE = document("compose.yaml")
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"].startswith("evistore:")}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(path):
    done = subprocess.run([BIN / "shellcheck", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", CONTAINERFILES, ids=lambda path: path.parent.name)
def test_hadolint_finds_nothing(path):
    done = subprocess.run(
        [BIN / "hadolint", "--failure-threshold", "info", path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", CONTAINERFILES, ids=lambda path: path.parent.name)
def test_what_is_copied_is_there_and_sent_to_the_engine(path):
    ignored = (REPOSITORY / ".dockerignore").read_text("utf-8")
    sent = re.findall(r"^!(\S+)$", ignored, re.MULTILINE)
    copies = re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", path.read_text("utf-8"), re.MULTILINE)
    names = [name for copy in copies for name in copy.split()]
    assert len(names) >= 3
    assert [one for one in names if not (REPOSITORY / one).exists()] == []
    assert [one for one in names if not any(one == top or one.startswith(f"{top}/") for top in sent)] == []


def test_the_image_is_made_by_the_uv_that_is_tested():
    [pinned] = re.findall(r"^ARG UV=(\S+)$", CONTAINERFILES[0].read_text("utf-8"), re.MULTILINE)
    assert f"\nuv=={pinned} " in (REPOSITORY / "requirements.lock").read_text("utf-8")


def test_every_setting_of_the_image_is_one_of_the_program():
    named = set(re.findall(r"^\s+(EVISTORE_\w+)=", CONTAINERFILES[0].read_text("utf-8"), re.MULTILINE))
    assert named
    assert named <= SETTINGS


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_compose_runs_a_command_with_settings_that_there_are(name):
    service = OURS[name]
    words = service.get("command") or re.findall(r"evistore (\w+)", " ".join(service["entrypoint"]))
    assert words[0] in COMMANDS
    assert set(service["environment"]) <= SETTINGS
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]


def test_compose_waits_for_services_and_mounts_files_that_there_are():
    services = COMPOSE["services"]
    assert {one for service in services.values() for one in service.get("depends_on", ())} <= set(services)
    places = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", ())]
    assert {one for one in places if not one.startswith(".")} == set(COMPOSE["volumes"])
    assert [one for one in places if one.startswith(".") and not (DEPLOY / one).exists()] == []


def test_compose_is_reached_from_this_machine_only():
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def _initialised(url: str, folder: Path, data: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What the script of the database's image did to the server at *url*."""
    for name in ("postgres/postgresql.conf", "postgres/logins.sql", "../src/evistore/kernel/sql/bootstrap.sql"):
        (folder / Path(name).name).write_bytes((DEPLOY / name).read_bytes())
    told = psycopg.conninfo.conninfo_to_dict(url)
    variables = {
        "PATH": f"{binary('psql').parent}:{os.environ['PATH']}", "EVISTORE_SHARE": str(folder), "PGDATA": str(data / "postgresql"),
        "PGHOST": str(told["host"]), "PGPORT": str(told.get("port", "5432")),
        "POSTGRES_USER": str(told["user"]), "POSTGRES_DB": str(told["dbname"]),
    }  # fmt: skip
    return subprocess.run(
        [DEPLOY / "postgres/initdb.sh"], env=variables | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("share")
    for one in (folder, *folder.parents[:2]):
        one.chmod(0o755)
    return folder


@pytest.mark.parametrize("binaries", [None, POSTGRES15], ids=["18", "15"])
def test_the_logins_of_the_database_image_migrate_serve_and_read(folder, tmp_path, binaries):
    if binaries and not (binaries / "postgres").exists():
        absent("PostgreSQL 15 is not installed: .ci/parts installs it")
    data = tmp_path / "data"
    with embedded(data, settings=QUICK, binaries=binaries) as url:
        done = _initialised(url, folder, data, PASSWORDS)
        assert (done.returncode, done.stderr) == (0, "")
    # Neither library is at hand here; with the other settings the server has to start.
    with embedded(data, settings={**QUICK, "shared_preload_libraries": ""}, binaries=binaries) as url:
        admin, program, reader = (make_conninfo(url, user=f"evistore_{one}") for one in ("admin", "program", "reader"))
        assert evistore("migrate", "--database-url", admin).returncode == 0
        with serving(program) as server:
            assert [server.get("/ready").status_code, server.post(cdevent("one")).status_code] == [200, 201]
        assert evistore("maintain", "--database-url", admin).returncode == 0
        with psycopg.connect(reader) as connection:
            assert connection.execute("SELECT count(*) FROM cdviz.cdevents_lake").fetchone() == (1,)
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                connection.execute("CREATE TABLE t ()")
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("10min",)
            secrets = connection.execute(
                "SELECT rolpassword LIKE 'SCRAM-SHA-256%' FROM pg_authid WHERE rolname ~ '^evistore_(admin|program|reader)'"
            ).fetchall()
            assert secrets == [(True,)] * 3
            assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'evistore_admin'").fetchone() == (
                False,
            )


def test_the_script_of_the_database_image_says_which_password_is_missing(postgres18, folder, tmp_path):
    url = postgres18.fresh_database()
    (folder / "admin").write_text("from a file\n", "utf-8")
    given = {"EVISTORE_ADMIN_PASSWORD_FILE": str(folder / "admin"), "EVISTORE_READER_PASSWORD": "x"}
    done = _initialised(url, folder, tmp_path, given)
    postgres18.discard(url)
    assert done.returncode == 1
    assert "EVISTORE_PROGRAM_PASSWORD or EVISTORE_PROGRAM_PASSWORD_FILE is needed" in done.stderr
    assert "ADMIN" not in done.stderr
