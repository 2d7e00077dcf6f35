"""Logs on stderr, for people or for machines."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any, Literal

import orjson
import structlog
import structlog.tracebacks

Form = Literal["auto", "console", "json"]
Level = Literal["debug", "info", "warning", "error"]

# Without the values of variables: what a request held, and what a setting keeps secret, is for no log.
_TRACES = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
_AGAIN_SECONDS = 300.0
_MOST_KNOWN = 200


def configure(form: Form = "auto", level: Level = "info") -> None:
    """Write every log line of this process from *level* on, with its time in UTC; a traceback tells places, never values.

    *form* ``auto`` is one line of JSON for each, but text for people where somebody sits before a terminal.
    """
    machines = form == "json" or (form == "auto" and not sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(_for_machines() if machines else _for_people()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer)
        if machines
        else structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Passed()], level=logging.WARNING, force=True)


def _for_machines() -> list[Any]:
    return [structlog.processors.ExceptionRenderer(_TRACES), structlog.processors.JSONRenderer(serializer=_line)]


def _for_people() -> list[Any]:
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def _line(event: Any, default: Callable[[Any], Any], **_: Any) -> bytes:
    try:
        return orjson.dumps(event, default=default)
    except TypeError:  # half of a surrogate pair, a number of 65 bits: rare, and no reason to lose the line
        return json.dumps(event, default=default).encode()


class _Passed(logging.Handler):
    """Lines of libraries, in the same form. A library that says the same for minutes is not told again: a pool says at each attempt why it failed."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if self._is_new(record.name, text):
            structlog.get_logger(record.name).log(record.levelno, text, logger=record.name)

    def _is_new(self, name: str, text: str) -> bool:
        now = time.monotonic()
        if now < self._told.get((name, text), now):
            return False
        if len(self._told) >= _MOST_KNOWN:
            self._told.clear()
        self._told[name, text] = now + _AGAIN_SECONDS
        return True
