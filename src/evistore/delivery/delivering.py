"""Webhooks served: each by one worker at a time, in the order of the feed, at least once, and none held up by another.

A worker claims a webhook for a while, sends, and notes in the database how far it came after every answer. No transaction is open while a receiver
thinks: it would hold up every follower of the feed. Killed, its claim ends and another goes on at the last place that was noted.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from prometheus_client import Counter, Histogram

from evistore.delivery import CONTEXTS, feed, webhooks
from evistore.delivery.outgoing import Message, messages, trial
from evistore.delivery.signatures import signed
from evistore.delivery.webhooks import Claimed, Target
from evistore.kernel import tracing
from evistore.kernel.database import Database
from evistore.kernel.errors import Fault, Rejected
from evistore.kernel.posting import Answer, Poster
from evistore.kernel.readiness import now_and_then, readiness
from evistore.kernel.workers import Stop

WAITS = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0)
"""Seconds before the attempts after a failure; the last one for all that follow. Up to a quarter less, so that many do not come at once."""
LONGEST = 86_400.0
"""Most seconds for which a receiver can ask us to wait."""
GONE = 410

_TOGETHER = 16
"""Webhooks that one process serves at once."""
_FAILING = 8
"""How many of these may be some that failed last time."""
_TURN_SECONDS = 10.0
_PAUSE_SECONDS = 0.5
_AWAY_SECONDS = 5.0
_PAGE = 200
_HEADERS = {"User-Agent": f"Evistore/{version('evistore')}"}

REQUESTS = Counter("evistore_webhook_requests_total", "Requests to webhooks, by what the receiver said.", ["outcome"])
SECONDS = Histogram("evistore_webhook_request_seconds", "Time that one request to a webhook took.")
METRICS = (REQUESTS, SECONDS)

_LOG = structlog.get_logger(__name__)


def pause(failures: int, asked: float | None) -> float:
    """Seconds to wait after so many *failures* in a row, or as many as the receiver *asked* for."""
    if asked is not None:
        return min(max(asked, 1.0), LONGEST)
    return WAITS[min(failures, len(WAITS)) - 1] * random.uniform(0.75, 1.0)


def send(poster: Poster, target: Target, message: Message) -> Answer:
    """Sign *message* and send it."""
    with tracing.span("POST", "client", _told(target)) as span:
        headers = signed(target.secret, message.id, datetime.now(UTC), message.body)
        if span.place is not None:
            headers["traceparent"] = span.place.header
        began = time.monotonic()
        answer = poster.post(message.body, _HEADERS | headers | {"Content-Type": message.content_type})
        SECONDS.observe(time.monotonic() - began)
        REQUESTS.labels("taken" if answer.is_success else "no-answer" if answer.status is None else "refused").inc()
        if answer.status is not None:
            span.set({"http.response.status_code": answer.status})
        if not answer.is_success:
            span.fail(str(answer.status or "no-answer"))
    return answer


def _told(target: Target) -> tracing.Attributes:
    """Where a request goes, without what may be a secret: a query, or a login."""
    url = urlsplit(target.url)
    full = f"{url.scheme}://{url.hostname}{f':{url.port}' if url.port else ''}{url.path}"
    port = url.port or (443 if url.scheme == "https" else 80)
    return {"http.request.method": "POST", "url.full": full, "server.address": url.hostname or "", "server.port": port}


def attempt(name: str, target: Target, seconds: float) -> Answer:
    """Send a message to *target* that tells nothing but that the webhook *name* is tried."""
    with closing(Poster(target.url, seconds)) as poster:
        return send(poster, target, trial(name, datetime.now(UTC)))


def deliver(database: Database, seconds: float, stop: Stop, *, turned: Callable[[], None] = lambda: None) -> None:
    """Serve the webhooks of *database* until *stop*; each request may take *seconds*. What is on its way at the end is waited for.

    *turned* is called again and again while it works, or waits.

    A database that is away, or whose schema does not serve this release, is waited for.
    """
    _Deliveries(database, seconds, stop, turned).run()


@contextmanager
def delivering(database: Database, seconds: float) -> Generator[Callable[[], None]]:
    """The same meanwhile, in threads. Yields what lets them end before."""
    ended = threading.Event()
    with ThreadPoolExecutor(1, "webhooks") as threads:
        threads.submit(_deliver_on, database, seconds, ended)
        try:
            yield ended.set
        finally:
            ended.set()


def _deliver_on(database: Database, seconds: float, ended: threading.Event) -> None:
    """Deliver until *ended*, also after a bug: those whom the server serves otherwise would not hear that the webhooks had stopped."""
    while not ended.is_set():
        try:
            deliver(database, seconds, ended.is_set)
        except Exception as error:  # noqa: BLE001  # the outermost door of a thread that nobody waits for
            _LOG.error("webhooks-fault", exc_info=error)
            ended.wait(_AWAY_SECONDS)


class _Deliveries:
    """What one process serves."""

    def __init__(self, database: Database, seconds: float, stop: Stop, turned: Callable[[], None]) -> None:
        self._turned = turned
        self._database = database
        self._seconds = seconds
        self._lease = 2 * seconds + 10
        self._stop = stop
        self._check = now_and_then(readiness(database, CONTEXTS))
        self._running: dict[Future[None], Claimed] = {}
        self._cut_off: deque[Claimed] = deque()
        self._complained = ""

    def run(self) -> None:
        with ThreadPoolExecutor(_TOGETHER, "webhook") as threads:
            while not self._stop():
                self._turned()
                for one in self._claimed():
                    self._running[threads.submit(self._served, one)] = one
                self._rest()

    def _claimed(self) -> list[Claimed]:
        failing = sum(one.failures > 0 for one in self._running.values()) < _FAILING
        try:
            self._check()
            self._give_up()
            with self._database.transaction() as tx:
                if settled := webhooks.settle(tx):
                    _LOG.warning("webhooks-settled", webhooks=settled, why="the database was restored")
                most = _TOGETHER - len(self._running)
                found = webhooks.claim(tx, uuid4(), lease=self._lease, most=most, failing=failing) if most else []
        except Fault as fault:
            if fault.code != self._complained:
                _LOG.warning("webhooks-wait", code=fault.code, why=fault.message)
            self._complained = fault.code
            return []
        self._complained = ""
        return found

    def _give_up(self) -> None:
        """Let go of what was claimed when the database went away: otherwise nobody may serve it until the claim ends."""
        while self._cut_off:
            self._leave(self._cut_off[0])
            self._cut_off.popleft()

    def _rest(self) -> None:
        pause = _AWAY_SECONDS if self._complained else _PAUSE_SECONDS
        until = time.monotonic() + pause
        while (left := until - time.monotonic()) > 0 and not self._stop():
            if self._running:
                done, _ = wait(self._running, timeout=min(left, _PAUSE_SECONDS), return_when=FIRST_COMPLETED)
                for one in done:
                    del self._running[one]
                    one.result()
            else:
                time.sleep(min(left, _PAUSE_SECONDS))

    def _served(self, served: Claimed) -> None:
        """Serve one webhook for a turn."""
        try:
            with closing(Poster(served.target.url, self._seconds)) as poster:
                self._serve(served, poster)
        except Rejected as refusal:  # somebody put in what is no URL by SQL
            with suppress(Fault):
                self._postpone(served, Answer(None, refusal.message), served.failures)
        except Fault as fault:  # the database is away
            self._cut_off.append(served)
            _LOG.warning("webhook-waits", webhook=served.name, code=fault.code, why=fault.message)
        except Exception as error:  # noqa: BLE001  # one webhook that meets a bug of ours holds up no other
            _LOG.error("webhook-fault", webhook=served.name, exc_info=error)
            with suppress(Fault):
                self._postpone(served, Answer(None, "a fault of the sender, which its log describes"), served.failures)

    def _serve(self, served: Claimed, poster: Poster) -> None:
        place, failures = served.place, served.failures
        until = time.monotonic() + _TURN_SECONDS
        while not self._stop() and time.monotonic() < until:
            with self._database.transaction(read_only=True) as tx:
                batch = feed.after(tx, place, served.wanted, limit=max(served.batch, _PAGE))
            if batch.is_end:
                break
            for message in messages(batch.events, served.batch):
                answer = send(poster, served.target, message)
                if not answer.is_success:
                    return self._postpone(served, answer, failures)
                failures = 0
                if not self._advanced(served, message.place, message.events, answer.status):
                    return self._leave(served)
                if self._stop():
                    return self._leave(served)
            place = batch.place
            if not self._advanced(served, place, 0, None):
                break
        return self._leave(served)

    def _advanced(self, served: Claimed, place: feed.Place, events: int, status: int | None) -> bool:
        with self._database.transaction() as tx:
            return webhooks.advance(tx, served, place, events=events, status=status, lease=self._lease)

    def _postpone(self, served: Claimed, answer: Answer, failures: int) -> None:
        gone = answer.status == GONE
        if failures == 0 or gone:
            _LOG.warning("webhook-refused", webhook=served.name, status=answer.status, answer=answer.text, gone=gone)
        with self._database.transaction() as tx:
            webhooks.postpone(tx, served, answer, wait=pause(failures + 1, answer.retry_after), disable=gone)

    def _leave(self, served: Claimed) -> None:
        with self._database.transaction() as tx:
            webhooks.leave(tx, served)
