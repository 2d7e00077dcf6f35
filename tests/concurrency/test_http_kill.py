"""The server killed in mid-ingest: what it called stored is stored, and sending everything again doubles nothing."""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import httpx

from fixtures.serving import cdevent, serving


def sent_until_it_dies(server, delay):
    """The ids that were confirmed, and all events that were tried, by senders that go on until the server is killed."""
    confirmed, tried, lock = set(), [], threading.Lock()

    def send():
        with httpx.Client(base_url=server.url, timeout=10) as client:
            while True:
                events = [cdevent() for _ in range(random.choice([1, 1, 1, 7]))]
                with lock:
                    tried.extend(events)
                try:
                    response = client.post("/cdevents", json=events if len(events) > 1 else events[0])
                except httpx.TransportError:
                    return
                if response.status_code in {200, 201}:
                    with lock:
                        confirmed.update(event["context"]["id"] for event in events)

    senders = [threading.Thread(target=send) for _ in range(16)]
    for sender in senders:
        sender.start()
    time.sleep(delay)
    os.kill(server.process.pid, signal.SIGKILL)
    for sender in senders:
        sender.join()
    return confirmed, tried


def test_killed_again_and_again_the_server_loses_nothing_it_confirmed_and_doubles_nothing(database):
    confirmed, tried = set(), []
    for _ in range(5):
        with serving(database) as server:
            more, others = sent_until_it_dies(server, random.uniform(0.2, 1.0))
            confirmed |= more
            tried += others
            assert confirmed <= server.stored_ids()
    assert confirmed

    with serving(database) as server:
        for start in range(0, len(tried), 500):
            response = server.post(tried[start : start + 500])
            assert set(response.json()["tally"]) <= {"stored", "duplicate"}
        assert server.stored_ids() == {event["context"]["id"] for event in tried}


def test_told_to_stop_the_server_answers_what_was_begun_and_ends_with_status_0(database):
    with serving(database) as server:
        statuses = []

        def send():
            with httpx.Client(base_url=server.url, timeout=20) as client:
                while True:
                    try:
                        statuses.append(client.post("/cdevents", json=cdevent()).status_code)
                    except httpx.TransportError:
                        return

        senders = [threading.Thread(target=send) for _ in range(8)]
        for sender in senders:
            sender.start()
        time.sleep(0.5)
        server.process.terminate()
        for sender in senders:
            sender.join()

        assert server.process.wait(20) == 0
        assert set(statuses) <= {201, 503}
        assert statuses.count(201) == len(server.stored_ids())
