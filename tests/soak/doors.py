"""The doors that evidence comes in by: each takes a lot and says what became of it, or that nobody knows."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import httpx
import psycopg

from fixtures.cdevents import insert
from fixtures.projecting import batch
from soak.book import Away
from soak.sent import Sent

JSON = {"Content-Type": "application/json"}
STRUCTURED = {"Content-Type": "application/cloudevents+json"}
PATIENCE = 15.0
HANGING_UP = "hung up"
HUNG_UP = 0.02  # the share of requests whose client does not wait for the answer
Told = Sequence[str | None]
"""What became of each message of a lot; ``None``: the door does not say."""


class Door(Protocol):
    """One way in."""

    def send(self, lot: Sequence[Sent]) -> Told:
        """Send *lot*.

        Raises:
            Away: no answer, or that there is none now.
        """
        ...


def known(lot: Sequence[Sent]) -> Told:
    """All of *lot* was taken, and nothing said about each."""
    return [None] * len(lot)


class Http:
    """Evidence over HTTP: events one by one, in turn bare and in an envelope, or as a list; messages about clusters one by one."""

    def __init__(self, url: str, path: str, *, many: bool = False) -> None:
        self._client = httpx.Client(base_url=url, timeout=PATIENCE)
        self._path, self._many, self._turn = path, many, 0

    def send(self, lot: Sequence[Sent]) -> Told:
        if self._many:
            content, headers = b"[" + b",".join(one.body for one in lot) + b"]", JSON
        else:
            content, headers = self._one(lot[0])
        if random.random() < HUNG_UP:
            self._hang_up(content, headers)
        try:
            answer = self._client.post(self._path, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise Away(type(error).__name__) from error
        if answer.status_code == 503:
            raise Away(f"503 {answer.json()['code']}")
        if answer.status_code not in {200, 201, 202}:
            return [f"{answer.status_code} {answer.text[:200]}"] * len(lot)
        told = answer.json()
        if self._many:
            return [_outcome(one) for one in told["events"]]
        return [told["code"] if answer.status_code == 202 else told["outcome"]]

    def _hang_up(self, content: bytes, headers: dict[str, str]) -> None:
        """Send all of a request and be gone before there is an answer."""
        url = self._client.base_url
        head = f"POST {self._path} HTTP/1.1\r\nHost: soak\r\nContent-Length: {len(content)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with suppress(OSError), socket.create_connection((url.host, url.port or 80), timeout=5) as one:
            one.sendall(head.encode() + b"\r\n" + content)
        raise Away(HANGING_UP)

    def _one(self, one: Sent) -> tuple[bytes, dict[str, str]]:
        self._turn += 1
        if one.kind != "event" or not one.key or self._turn % 3:
            return one.body, JSON
        source, id_ = one.key
        head = {"specversion": "1.0", "id": id_, "source": source, "type": json.loads(one.body)["context"]["type"]}
        return json.dumps(head)[:-1].encode() + b', "data": ' + one.body + b"}", STRUCTURED


def _outcome(event: dict[str, str]) -> str:
    return event["reason"] if event["outcome"] in {"conflict", "malformed"} else event["outcome"]


class Sql:
    """Events over a connection of SQL, which is made anew whenever it broke."""

    def __init__(self, url: str, way: Callable[[psycopg.Connection, Sequence[Sent]], Told]) -> None:
        self._url, self._way = url, way
        self._connection: psycopg.Connection | None = None

    def send(self, lot: Sequence[Sent]) -> Told:
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            return self._way(self._connection, lot)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            raise Away(type(error).__name__) from error


def by_call(connection: psycopg.Connection, lot: Sequence[Sent]) -> Told:
    """Each event by a call of its own."""
    for one in lot:
        connection.execute("CALL cdviz.store_cdevent(%s::jsonb)", (one.text,))
    return known(lot)


def by_store(connection: psycopg.Connection, lot: Sequence[Sent]) -> Told:
    """All of them at once; garbage is called rejected."""
    return [
        (one.reason if told in {"rejected", "conflict"} else told)
        for told, one in zip(batch(connection, [one.text for one in lot]), lot, strict=True)
    ]


def by_insert(connection: psycopg.Connection, lot: Sequence[Sent]) -> Told:
    """One statement that knows nothing but the table."""
    insert(connection, *(json.loads(one.body) for one in lot))
    return known(lot)


class Files:
    """A file for each lot, read by `evistore ingest`, again until it ends as it should."""

    def __init__(self, folder: Path, ingest: Callable[..., subprocess.Popen[bytes]]) -> None:
        self._folder, self._ingest, self._number = folder, ingest, 0
        self._left: tuple[Sequence[Sent], Path] | None = None

    def send(self, lot: Sequence[Sent]) -> Told:
        if self._left is None or self._left[0] is not lot:
            self._number += 1
            path = self._folder / f"{lot[0].kind}-{self._number}.ndjson"
            ordered = sorted(
                lot, key=lambda one: one.reason is not None
            )  # a file whose first lines are no JSON has none
            path.write_bytes(b"\n".join(one.body for one in ordered) + b"\n")
            self._left = lot, path
        path = self._left[1]
        process = self._ingest("ingest", "--kind", lot[0].kind, str(path))
        give_up = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < give_up:
            time.sleep(0.05)
        if process.poll() is None:
            process.kill()
            process.wait()
            return ["evistore ingest did not end within a minute"] * len(lot)
        if process.returncode in {4, -9}:
            raise Away(f"status {process.returncode}")
        if process.returncode not in {0, 1}:
            return [f"status {process.returncode}"] * len(lot)
        return known(lot)
