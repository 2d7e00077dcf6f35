"""What every request of a listening server passes through: bounds of size and time, headers, names, measurements, problems."""

from __future__ import annotations

import json
import socket
import time

import httpx
import psycopg
import pytest
from openapi_spec_validator import validate

from fixtures.serving import cdevent, served, serving

PROBLEM = "application/problem+json"


def spoken(server, *parts, pause=0.0, patience=20.0):
    """What the server answers to bytes written by hand, until it closes or the answer is whole."""
    with socket.create_connection(server.address, timeout=patience) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except ConnectionError:
                break
            time.sleep(pause)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
            head, _, body = answer.partition(b"\r\n\r\n")
            if b"content-length: %d\r\n" % len(body) in head + b"\r\n":
                break
        return answer


def head(*lines):
    return "\r\n".join(
        ["POST /cdevents HTTP/1.1", "Host: x", "Content-Type: application/json", *lines, "", ""]
    ).encode()


def problem_in(answer):
    return json.loads(answer.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing-here", 404, "not-found"),
        ("GET", "/cdevents", 405, "method-not-allowed"),
        ("DELETE", "/health", 405, "method-not-allowed"),
    ],
)
def test_what_is_not_there_is_a_problem(server, method, path, status, code):
    response = httpx.request(method, server.url + path)

    assert (response.status_code, response.headers["content-type"], response.json()["code"]) == (status, PROBLEM, code)
    assert response.json()["request_id"] == response.headers["x-request-id"]


def test_every_answer_carries_the_security_headers(server):
    for response in (server.get("/health"), server.get("/nowhere"), server.post(b"{"), server.post(cdevent())):
        assert response.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "server" not in response.headers


def test_a_decent_name_of_a_request_is_kept_and_another_replaced(server):
    def named(name):
        return httpx.get(f"{server.url}/health", headers={"X-Request-Id": name}).headers["x-request-id"]

    assert named("build-17.a_b") == "build-17.a_b"
    assert named("<script>") != "<script>"
    assert len(named("x" * 65)) < 65


def test_a_body_that_says_it_is_too_large_is_refused(server):
    response = server.post(b" " * 65_537)

    assert (response.status_code, response.headers["content-type"], response.json()["code"]) == (
        413,
        PROBLEM,
        "body-too-large",
    )


def test_a_body_of_just_the_limit_is_read(server):
    event = cdevent()
    event["customData"] = {"filler": ""}
    event["customData"]["filler"] = "x" * (65_536 - len(json.dumps(event)))

    assert server.post(event).status_code == 201


def test_a_body_without_a_length_is_refused_once_it_is_too_large(server):
    def pieces():
        for _ in range(100):
            yield b" " * 1000

    response = httpx.post(f"{server.url}/cdevents", content=pieces(), headers={"Content-Type": "application/json"})

    assert (response.status_code, response.json()["code"]) == (413, "body-too-large")


def test_a_body_without_end_does_not_hold_the_server(server):
    chunk = b"ffff\r\n" + b" " * 0xFFFF + b"\r\n"

    answer = spoken(server, head("Transfer-Encoding: chunked"), *[chunk] * 40)

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer


def test_a_sender_that_asks_first_is_told_before_it_sends(server):
    answer = spoken(server, head("Content-Length: 70000", "Expect: 100-continue"))

    assert answer.startswith(b"HTTP/1.1 413")


def test_a_request_that_does_not_arrive_in_time_is_told_so(server):
    answer = spoken(server, head("Content-Length: 10"), b"{")

    assert answer.startswith(b"HTTP/1.1 408")
    assert problem_in(answer)["code"] == "request-slow"


def test_an_answer_that_takes_too_long_is_told_and_the_event_may_be_sent_again(postgres18):
    with served(postgres18, http_request_seconds=1) as server:
        event = cdevent()
        with psycopg.connect(server.database) as blocker:
            blocker.execute("LOCK TABLE cdviz.event_identity IN ACCESS EXCLUSIVE MODE")

            late = server.post(event)

            assert (late.status_code, late.json()["code"]) == (503, "request-timeout")
            assert late.headers["retry-after"] == "1"

        assert server.post(event).status_code in {200, 201}
        assert server.stored_ids() == {event["context"]["id"]}


def test_connections_are_kept_after_problems(server):
    with httpx.Client(base_url=server.url) as client:
        ports = set()
        for path, body in (
            ("/cdevents", b"{"),
            ("/nowhere", b"{}"),
            ("/cdevents", b"[]"),
            ("/cdevents", b" " * 65_537),
        ):
            response = client.post(path, content=body, headers={"Content-Type": "application/json"})
            ports.add(response.extensions["network_stream"].get_extra_info("client_addr"))

    assert len(ports) == 1


def test_metrics_count_requests_by_route_and_never_by_path(server):
    server.get("/never/seen/before")
    server.post(cdevent())

    lines = server.get("/metrics").text.splitlines()

    assert any(
        line.startswith('evistore_http_requests_total{method="GET",route="none",status="404"}') for line in lines
    )
    assert any(
        line.startswith('evistore_http_requests_total{method="POST",route="/cdevents",status="201"}') for line in lines
    )
    assert any(line.startswith('evistore_http_events_total{outcome="stored"}') for line in lines)
    assert not any("/never" in line for line in lines)


def test_the_openapi_document_is_valid_and_describes_the_door(server):
    document = server.get("/openapi.json").json()

    validate(document)
    assert set(document["paths"]) >= {"/cdevents", "/health", "/ready", "/metrics"}
    assert set(document["paths"]["/cdevents"]["post"]["responses"]) >= {
        "200",
        "201",
        "202",
        "400",
        "401",
        "413",
        "415",
        "422",
        "503",
    }


def test_alive_but_not_ready_while_the_schema_is_missing(postgres18):
    database = postgres18.fresh_database()
    with serving(database) as server:
        assert server.get("/health").json() == {"status": "alive"}

        ready = server.get("/ready")
        post = server.post(cdevent())

    assert (ready.status_code, ready.json()["code"]) == (503, "schema-missing")
    assert (post.status_code, post.headers["content-type"]) == (500, PROBLEM)
    assert "cdviz" not in post.text
    postgres18.discard(database)


def test_ready_once_the_schema_is_there_and_not_when_it_is_another(postgres18):
    with served(postgres18) as server:
        assert server.get("/ready").json() == {"status": "ready"}

        server.ask("DELETE FROM evistore.migration WHERE number > 1 RETURNING 1")

        assert server.get("/ready").json()["code"] == "schema-differs"


def test_a_database_that_goes_away_is_503_and_serving_goes_on_when_it_is_back(postgres18):
    with served(postgres18) as server:
        assert server.post(cdevent()).status_code == 201
        renamed = "ALTER DATABASE {} ALLOW_CONNECTIONS {}"
        name = server.database.split("/")[3].split("?")[0]
        with psycopg.connect(postgres18.url, dbname="postgres", autocommit=True) as administrator:
            administrator.execute(renamed.format(name, "false"))
            administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

            away = [server.post(cdevent()), server.get("/ready")]

            administrator.execute(renamed.format(name, "true"))
        assert [response.status_code for response in away] == [503, 503]
        assert away[0].headers["content-type"] == PROBLEM
        assert server.post(cdevent()).status_code == 201
