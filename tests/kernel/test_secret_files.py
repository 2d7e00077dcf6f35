"""Secrets from files: every one of them, as it stands there, and never in an error."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr, ValidationError

from evistore.kernel.connecting import checked, completed
from evistore.kernel.errors import Misconfigured
from evistore.kernel.secret_files import is_secret
from evistore.kernel.settings import Settings

SECRETS = sorted(name for name, field in Settings.model_fields.items() if is_secret(field))
SENTINEL = "sentinel-of-a-secret"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def held(name: str, settings: Settings) -> object:
    value = getattr(settings, name)
    if isinstance(value, dict):
        return {key: one.get_secret_value() for key, one in value.items()}
    return [one.get_secret_value() for one in value] if isinstance(value, list) else value.get_secret_value()


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_be_a_file_and_is_never_shown(name, monkeypatch, tmp_path):
    texts = {"kafka_options": json.dumps({"sasl.password": SENTINEL}), "http_tokens": f"{SENTINEL},b"}
    wanted = {"kafka_options": {"sasl.password": SENTINEL}, "http_tokens": [SENTINEL, "b"]}
    (tmp_path / "secret").write_text(f"{texts.get(name, f' {SENTINEL} ')}\n")
    monkeypatch.setenv(f"EVISTORE_{name.upper()}_FILE", str(tmp_path / "secret"))
    settings = Settings()

    assert held(name, settings) == wanted.get(name, f" {SENTINEL} ")
    assert SENTINEL not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_there_are_secrets_of_every_kind():
    kinds = {"database_url", "database_password", "http_tokens", "kafka_options", "kafka_sasl_password"}
    assert kinds <= set(SECRETS)
    assert not {"http_host", "clusters_organizations_file", "kafka_tls_key"} & set(SECRETS)


@pytest.mark.parametrize("content", [None, b"", b"\n", b" \n", b"\xff" + SENTINEL.encode()])
def test_a_file_that_holds_no_secret_is_named_and_its_content_is_not(content, monkeypatch, tmp_path):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("EVISTORE_HTTP_SIGNATURE_SECRET_FILE", str(path))
    with pytest.raises(Misconfigured, match="EVISTORE_HTTP_SIGNATURE_SECRET_FILE") as told:
        Settings()
    assert told.value.code == "secret-file"
    assert SENTINEL not in told.value.message


def test_a_folder_is_no_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("EVISTORE_DATABASE_URL_FILE", str(tmp_path))
    with pytest.raises(Misconfigured) as told:
        Settings()
    assert told.value.code == "secret-file"


@pytest.mark.parametrize("in_file", [False, True])
def test_a_secret_that_is_given_twice_is_refused(in_file, monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("a")
    monkeypatch.setenv("EVISTORE_DATABASE_URL_FILE", "secret")
    if in_file:
        (tmp_path / ".env").write_text(f"EVISTORE_DATABASE_URL={SENTINEL}")
    else:
        monkeypatch.setenv("EVISTORE_DATABASE_URL", SENTINEL)
    with pytest.raises(Misconfigured, match="EVISTORE_DATABASE_URL and EVISTORE_DATABASE_URL_FILE") as told:
        Settings()
    assert told.value.code == "setting-twice"
    assert SENTINEL not in told.value.message


def test_the_command_line_wins_and_empty_variables_are_none(monkeypatch, tmp_path):
    monkeypatch.setenv("EVISTORE_DATABASE_URL_FILE", "/not/there")
    monkeypatch.setenv("EVISTORE_DATABASE_PASSWORD", "")
    monkeypatch.setenv("EVISTORE_DATABASE_PASSWORD_FILE", "")
    settings = Settings(database_url=SecretStr("postgresql://a/b"))
    assert held("database_url", settings) == "postgresql://a/b"
    assert settings.database_password is None


def test_the_file_of_settings_may_name_files_of_secrets(tmp_path):
    (tmp_path / "secret").write_text("postgresql://a/b\r\n")
    (tmp_path / ".env").write_text(f"EVISTORE_DATABASE_URL_FILE={tmp_path / 'secret'}")
    assert held("database_url", Settings()) == "postgresql://a/b"


def test_a_file_is_read_anew_and_while_it_is_replaced_the_old_secret_counts(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("postgresql://login:old@a/b\n")
    monkeypatch.setenv("EVISTORE_DATABASE_URL_FILE", "secret")
    monkeypatch.setenv("EVISTORE_DATABASE_PASSWORD", "unused")
    settings = Settings()
    assert settings.database_url is not None
    place = completed(settings.database_url, settings.database_password)
    (tmp_path / "secret").unlink()
    assert place() == "postgresql://login:old@a/b"
    (tmp_path / "secret").write_text("postgresql://login:new@a/b\n")
    assert place() == "postgresql://login:new@a/b"


@pytest.mark.parametrize("text", ["{", "[]", f'["{SENTINEL}"]', f'{{"a": ["{SENTINEL}"]}}'])
def test_options_that_are_no_object_are_refused_without_being_told(text, monkeypatch):
    monkeypatch.setenv("EVISTORE_KAFKA_OPTIONS", text)
    with pytest.raises(ValidationError) as told:
        Settings()
    assert SENTINEL not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://login:50%{SENTINEL}@db/evistore",
        f"postgresql://login:a@{SENTINEL}@db/evistore",
        f"postgresql://login:a/{SENTINEL}@db/evistore",
        f"postgresql://login:a?{SENTINEL}/@db/evistore?a",
        f"host=db password=a {SENTINEL}",
        f"host=db password='{SENTINEL}",
    ],
)
def test_a_url_whose_password_is_not_encoded_is_refused_without_being_told(url):
    with pytest.raises(Misconfigured, match="EVISTORE_DATABASE_PASSWORD") as told:
        checked(url)
    assert told.value.code == "database-url"
    assert SENTINEL not in told.value.message


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///evistore?host=/run/postgresql&options=-c%20x%3Da@b",
        "postgresql://login:a%40%2F%3F@a:1,b:2/evistore?sslmode=verify-full",
        "host=db user=login@tenant password='a b@c'",
        "postgresql://login:a?b#c@db/evistore",
    ],
)
def test_a_url_that_libpq_reads_is_taken(url):
    assert checked(url) == url
