"""PostgreSQL behind TLS: verified in full, with passwords of any characters and with certificates; what does not fit is told, and not waited for."""

from __future__ import annotations

import json
import logging
import os
import re
import ssl
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from evistore.contexts import CONTEXTS
from evistore.kernel import connecting
from evistore.kernel.connecting import completed
from evistore.kernel.database import Database
from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.readiness import readiness
from fixtures.commands import evistore
from fixtures.guarded import HOST, PASSWORD
from fixtures.serving import cdevent, serving

SECONDS = 4


@pytest.fixture(scope="module")
def migrated(guarded_database, tmp_path_factory):
    """A database that was migrated over TLS, and the settings for it: URL and password from files."""
    name = urlsplit(guarded_database.engine.fresh_database()).path[1:]
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "url").write_text(f"{guarded_database.place(name)}\n")
    (folder / "password").write_text(f"{PASSWORD}\n")
    given = {"database_url_file": str(folder / "url"), "database_password_file": str(folder / "password")}
    done = evistore("migrate", settings=given)
    assert done.returncode == 0, done.stderr
    return name, given


def place(guarded_database, **parameters):
    return guarded_database.place("evistore", **{"password": PASSWORD} | parameters)


def refusal(url):
    """The fault with which a connection fails, beside the pool; out of the pool it is the same."""
    started = time.monotonic()
    with Database(url, size=1) as database:
        with pytest.raises(Misconfigured) as direct:
            database.connect()
        with pytest.raises(Misconfigured) as pooled, database.transaction():
            pass
    assert (direct.value.code, direct.value.message) == (pooled.value.code, pooled.value.message)
    assert time.monotonic() - started < SECONDS
    assert PASSWORD not in direct.value.message
    return direct.value.code


def test_every_door_leads_through_tls(guarded_database, migrated):
    name, given = migrated
    event = cdevent()
    with (
        serving(guarded_database.place(name, password=PASSWORD), database_url="", **given) as server,
        httpx.stream("GET", f"{server.url}/api/delivery/v1/feed", timeout=30) as feed,
    ):
        assert server.post(event).status_code == 201
        told = next(json.loads(line[5:]) for line in feed.iter_lines() if line.startswith("data:"))
        ssl_of_each = server.ask(
            "SELECT a.application_name, s.ssl FROM pg_stat_activity AS a JOIN pg_stat_ssl AS s USING (pid) WHERE a.datname = %s",
            name,
        )
    assert event["context"]["id"] in json.dumps(told)
    assert ("evistore serve", True) in ssl_of_each
    assert {encrypted for _, encrypted in ssl_of_each} == {True}


def test_copies_run_over_tls_and_a_certificate_is_a_login(guarded_database):
    client = guarded_database.client
    url = guarded_database.place("evistore", user="certified", sslcert=client.certificate, sslkey=client.key)
    with Database(url, size=1) as database, database.transaction() as tx:
        tx.run("CREATE TEMPORARY TABLE copied (number int)")
        with tx.connection.cursor().copy("COPY copied FROM STDIN") as copy:
            for number in range(1000):
                copy.write_row([number])
        assert tx.value("SELECT count(*) FROM copied") == 1000


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"sslrootcert": "{theirs}"}, "database-tls"),
        ({"sslrootcert": "/not/there"}, "database-tls"),
        ({"host": "other.test"}, "database-tls"),
        ({"user": "certified", "sslcert": "{stranger}.crt", "sslkey": "{stranger}.key"}, "database-tls"),
        ({"user": "certified"}, "database-login"),
        ({"sslmode": "disable", "sslrootcert": ""}, "database-login"),
        ({"password": "wrong"}, "database-login"),
        ({"password": ""}, "database-login"),
        ({"sslmode": "verify-all"}, "database-url"),
    ],
)
def test_what_does_not_fit_is_the_operators(guarded_database, authorities, parameters, code):
    theirs = authorities[1]
    stranger = theirs.issue("stranger").key.with_suffix("")
    filled = {name: text.format(theirs=theirs.file, stranger=stranger) for name, text in parameters.items()}
    assert refusal(guarded_database.place("evistore", **{"password": PASSWORD} | filled)) == code


def test_a_server_without_tls_is_the_operators(guarded_database):
    with psycopg.connect(guarded_database.engine.url, autocommit=True) as admin:
        try:
            _switch(admin, "off", guarded_database)
            assert refusal(place(guarded_database)) == "database-tls"
        finally:
            _switch(admin, "on", guarded_database)


def _switch(admin, value, guarded_database):
    admin.execute(sql.SQL("ALTER SYSTEM SET ssl = {}").format(value))
    admin.execute("SELECT pg_reload_conf()")
    give_up = time.monotonic() + 20
    while _speaks_tls(guarded_database.address) != (value == "on"):
        assert time.monotonic() < give_up


def _speaks_tls(address):
    try:
        psycopg.connect(host=address, dbname="evistore", user="keyed", sslmode="require", gssencmode="disable")
    except psycopg.OperationalError as error:
        return "does not support SSL" not in str(error)


def test_what_time_mends_is_waited_for(guarded_database, monkeypatch):
    with psycopg.connect(guarded_database.engine.url, autocommit=True) as admin:
        admin.execute("ALTER ROLE keyed NOSUPERUSER CONNECTION LIMIT 0")
        try:
            for url in (
                place(guarded_database),
                place(guarded_database, dbname="not_there"),
                place(guarded_database, port=1),
            ):
                with pytest.raises(Unavailable), Database(url, size=1, timeout=0.5) as database, database.transaction():
                    pass
        finally:
            admin.execute("ALTER ROLE keyed SUPERUSER CONNECTION LIMIT -1")


def test_without_the_means_to_learn_codes_a_wrong_password_is_waited_for(guarded_database, monkeypatch):
    monkeypatch.setattr(connecting, "_verbosity", lambda: None)
    with pytest.raises(Unavailable), Database(place(guarded_database, password="wrong"), size=1) as database:
        database.connect()


SECRETS = {
    "database_password": "wr0ng-s3cret",
    "http_tokens": "t0ken-s3cret",
    "http_signature_secret": "s1gned-s3cret",
    "s3_secret_access_key": "bucket-s3cret",
    "kafka_sasl_password": "br0ker-s3cret",
    "kafka_options": '{"ssl.key.password": "key-s3cret"}',
}


def test_a_wrong_password_ends_every_command_and_none_tells_a_secret(guarded_database, migrated):
    name, _ = migrated
    given = SECRETS | {"database_url": guarded_database.place(name), "log_level": "debug"}
    given |= {"kafka_brokers": "127.0.0.1:9", "kafka_security_protocol": "SASL_SSL", "kafka_sasl_mechanism": "PLAIN"}
    for words, status, code in (
        (["serve", "--help"], 0, ""),
        (["migrate"], 3, "[database-login]"),
        (["consume", "--topic", "any"], 3, "[database-login]"),
        (["doctor"], 1, "[database-login]"),
    ):
        done = evistore(*words, settings=given)
        assert (done.returncode, code in done.stdout + done.stderr) == (status, True), done.stderr
        assert "s3cret" not in done.stdout + done.stderr


def test_a_server_that_is_not_let_in_says_so_when_it_is_asked(guarded_database, caplog):
    caplog.set_level(logging.DEBUG)
    with (
        Database(place(guarded_database, password="wr0ng-s3cret"), size=1) as database,
        pytest.raises(Misconfigured) as told,
    ):
        readiness(database, CONTEXTS)()
    assert told.value.code == "database-login"
    assert "password authentication failed" in caplog.text
    assert "s3cret" not in caplog.text

    with serving(place(guarded_database, password="wr0ng-s3cret"), webhooks="false") as server:
        answer = server.get("/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "database-login")
    assert not re.search(f"keyed|{guarded_database.address}|s3cret", answer.text)


def test_a_password_that_was_changed_is_read_anew(guarded_database, tmp_path):
    path = tmp_path / "password"

    class File(SecretStr):
        def get_secret_value(self):
            return path.read_text()

    with psycopg.connect(guarded_database.engine.url, autocommit=True) as admin:
        try:
            path.write_text(PASSWORD)
            with (
                Database(completed(SecretStr(guarded_database.place("evistore")), File("")), size=2) as database,
                database.transaction() as held,
            ):
                admin.execute("ALTER ROLE keyed PASSWORD 'changed'")
                assert held.value("SELECT 1") == 1
                with pytest.raises(Misconfigured):
                    database.connect()
                path.write_text("changed")
                database.connect().close()
        finally:
            admin.execute(sql.SQL("ALTER ROLE keyed PASSWORD {}").format(PASSWORD))


@contextmanager
def variable(name, value):
    former = os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)
        if former is not None:
            os.environ[name] = former


def test_libpqs_own_ways_to_give_a_password_work(guarded_database, tmp_path):
    passes = tmp_path / "passes"
    escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
    passes.write_text(f"{HOST}:5432:evistore:keyed:{escaped}\n")
    passes.chmod(0o600)
    bare = guarded_database.place("evistore")
    query = f"hostaddr={guarded_database.address}&sslmode=verify-full&sslrootcert={quote(str(guarded_database.authority.file), safe='')}"
    encoded = f"postgresql://keyed:{quote(PASSWORD, safe='')}@{HOST}/evistore?{query}"
    for name, value, url in (
        ("PGPASSWORD", PASSWORD, bare),
        ("PGPASSFILE", str(passes), bare),
        ("PGPASSWORD", None, encoded),
        ("PGPASSWORD", None, f"{bare} passfile={passes}"),
        ("PGPASSWORD", "unused", completed(SecretStr(bare), SecretStr(PASSWORD))),
    ):
        with variable(name, value), Database(url, size=1) as database:
            database.connect().close()


def test_the_authorities_of_the_system_are_found(guarded_database):
    url = place(guarded_database, sslrootcert="system")
    with variable("SSL_CERT_FILE", str(guarded_database.authority.file)):
        Database(url).connect().close()
    with variable("SSL_CERT_FILE", None), variable("SSL_CERT_DIR", None):
        with pytest.raises(Misconfigured):
            Database(url).connect()
        system = ssl.get_default_verify_paths()
        told = [os.environ[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if name in os.environ]
        assert told == [path for path in (system.cafile, system.capath) if path]
        assert all(Path(path).exists() for path in told)
