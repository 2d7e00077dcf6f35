"""The server speaks HTTPS where it has a certificate, and believes no header about who asks and how."""

from __future__ import annotations

import shutil
import socket
import ssl

import httpx
import pytest
from cryptography import x509

from evistore.kernel.errors import Misconfigured
from evistore.kernel.settings import Settings
from evistore.web.tls import Certificate
from fixtures.serving import cdevent, served


@pytest.fixture
def files(authorities, tmp_path):
    """The certificate of a server on loopback, and its key, to be replaced."""
    issued = authorities[0].issue("http", "127.0.0.1")
    return shutil.copy(issued.certificate, tmp_path / "tls.crt"), shutil.copy(issued.key, tmp_path / "tls.key")


def shown(server) -> int:
    """The serial number of the certificate that the server shows."""
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port)) as line, _careless().wrap_socket(line) as wrapped:
        return x509.load_der_x509_certificate(wrapped.getpeercert(binary_form=True)).serial_number


def _careless() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_https_with_a_certificate_that_may_be_renewed(postgres18, authorities, files):
    ours, _ = authorities
    trusting = ssl.create_default_context(cafile=str(ours.file))
    event = cdevent()
    with served(postgres18, http_tls_certificate=files[0], http_tls_key=files[1], webhooks="false") as server:
        assert server.url.startswith("https://127.0.0.1:")
        assert httpx.post(f"{server.url}/cdevents", json=event, verify=trusting).status_code == 201
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(server.url.replace("https", "http"))
        renewed = ours.issue("http", "127.0.0.1")
        shutil.copy(renewed.certificate, files[0])
        first = shown(server)  # the key is another's still
        shutil.copy(renewed.key, files[1])
        shown(server)
        wanted = x509.load_pem_x509_certificate(renewed.certificate.read_bytes()).serial_number
        assert first != wanted
        assert shown(server) == wanted
        assert server.stored_ids() == {event["context"]["id"]}


def test_a_certificate_that_does_not_fit_is_told(authorities, files, tmp_path):
    other = authorities[0].issue("another", "127.0.0.1")
    for certificate, key in ((files[0], other.key), ("/not/there", files[1]), (files[0], None), (None, files[1])):
        with pytest.raises(Misconfigured) as told:
            Certificate.of(Settings(_env_file=None, http_tls_certificate=certificate, http_tls_key=key))
        assert told.value.code == "http-tls"
    both = tmp_path / "both.pem"
    both.write_bytes(other.key.read_bytes() + other.certificate.read_bytes())
    assert Certificate.of(Settings(_env_file=None, http_tls_certificate=both)) is not None


def test_headers_of_proxies_change_nothing(server):
    told = {
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example.com",
        "Forwarded": "for=192.0.2.1;proto=https;host=evil.example.com",
    }
    for path in ("/", "/services", "/events", "/openapi.json"):
        plain = httpx.get(f"{server.url}{path}", follow_redirects=True)
        with_them = httpx.get(f"{server.url}{path}", headers=told, follow_redirects=True)
        assert (plain.status_code, plain.url) == (with_them.status_code, with_them.url)
        assert "evil.example.com" not in with_them.text + str(with_them.headers)


def test_a_page_behind_a_proxy_that_ends_tls_is_of_the_same_site(server):
    for origin, status in (("https://evidence.example.com", 400), ("https://evil.example.com", 403)):
        told = {"Host": "evidence.example.com", "Origin": origin}
        answer = httpx.post(f"{server.url}/quarantine/999999/drop", headers=told, data={})
        assert answer.status_code == status, answer.text
