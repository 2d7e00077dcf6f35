"""Tokens and signatures at a listening server, and the refusal to listen without them where strangers reach us."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from pydantic import SecretStr

from evistore.kernel.errors import Misconfigured
from evistore.kernel.settings import Settings
from evistore.web.access import check_exposure
from fixtures.serving import cdevent, served


def signed(body, secret="s3cret"):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture(scope="module")
def guarded(postgres18):
    with served(
        postgres18, http_tokens="first,second", http_signature_secret="s3cret", http_signature_header="X-Seal"
    ) as one:
        yield one


@pytest.fixture(scope="module")
def token_only(postgres18):
    with served(postgres18, http_tokens="first", http_token_header="X-Token") as one:
        yield one


def body():
    return json.dumps(cdevent()).encode()


@pytest.mark.parametrize("header", ["Bearer first", "bearer second", "BEARER second"])
def test_a_known_token_lets_in(guarded, header):
    assert guarded.post(body(), {"Authorization": header}).status_code == 201


def test_a_right_signature_lets_in_without_a_token(guarded):
    raw = body()

    assert guarded.post(raw, {"X-Seal": signed(raw)}).status_code == 201


def test_a_right_signature_lets_in_beside_a_wrong_token(guarded):
    raw = body()

    assert guarded.post(raw, {"X-Seal": signed(raw), "Authorization": "Bearer third"}).status_code == 201


def test_the_signature_is_over_the_bytes_as_they_were_sent(guarded):
    import gzip

    packed = gzip.compress(body())

    assert guarded.post(packed, {"X-Seal": signed(packed), "Content-Encoding": "gzip"}).status_code == 201


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "credentials-missing"),
        ({"Authorization": "Bearer third"}, "credentials-wrong"),
        ({"Authorization": "Bearer"}, "credentials-wrong"),
        ({"Authorization": "Bearer firs"}, "credentials-wrong"),
        ({"Authorization": "Basic first"}, "credentials-wrong"),
        ({"X-Seal": signed(b"another body")}, "credentials-wrong"),
        ({"X-Seal": signed(b"[]", "another secret")}, "credentials-wrong"),
        ({"X-Seal": ""}, "credentials-wrong"),
        ({"X-Seal": "sha256="}, "credentials-wrong"),
        ({"X-Seal": "sha1=00"}, "credentials-wrong"),
        ({"X-Hub-Signature-256": signed(b"[]")}, "credentials-missing"),
    ],
)
def test_anything_else_is_turned_away_before_the_body_is_looked_at(guarded, headers, code):
    response = guarded.post(b"[]", headers)

    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_token_may_come_in_a_header_of_its_own(token_only):
    assert token_only.post(body(), {"X-Token": "first"}).status_code == 201
    assert token_only.post(body(), {"Authorization": "Bearer first"}).status_code == 401


def test_a_signature_means_nothing_where_there_is_no_secret(token_only):
    raw = body()

    assert token_only.post(raw, {"X-Hub-Signature-256": signed(raw, "")}).status_code == 401


def test_health_asks_for_no_credentials(guarded):
    assert [guarded.get(path).status_code for path in ("/health", "/ready", "/metrics")] == [200, 200, 200]


def settings(**given):
    return Settings(_env_file=None, **given)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_an_address_that_others_reach_asks_for_credentials_or_a_word_that_it_is_meant(host):
    with pytest.raises(Misconfigured) as refused:
        check_exposure(settings(http_host=host))
    assert refused.value.code == "http-exposed"

    check_exposure(settings(http_host=host, http_open=True))
    check_exposure(settings(http_host=host, http_tokens=[SecretStr("t")]))
    check_exposure(settings(http_host=host, http_signature_secret=SecretStr("s")))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_is_open(host):
    check_exposure(settings(http_host=host))


def test_an_empty_secret_is_no_credential():
    with pytest.raises(Misconfigured):
        check_exposure(settings(http_host="0.0.0.0", http_signature_secret=SecretStr("")))


def test_operations_for_debugging_are_not_for_strangers():
    reachable = {"http_host": "0.0.0.0", "http_tokens": [SecretStr("t")]}

    with pytest.raises(Misconfigured) as told:
        check_exposure(settings(**reachable, clusters_debug=True))
    assert told.value.code == "http-exposed"
    check_exposure(settings(**reachable, clusters_debug=True, http_open=True))
    check_exposure(settings(http_host="127.0.0.1", clusters_debug=True))
    check_exposure(settings(**reachable))
