"""Logs on stderr, for people or for machines."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog
import structlog.tracebacks

# Without the values of variables: what a request held, and what a setting keeps secret, is for no log.
_TRACES = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def configure(form: Literal["console", "json"]) -> None:
    """Write every log line of this process in *form*, with its time in UTC; a traceback tells places, never values."""
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.ExceptionRenderer(_TRACES)] if form == "json" else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("psycopg").setLevel(logging.WARNING)
    logging.basicConfig(handlers=[_Passed()], level=logging.WARNING, force=True)


class _Passed(logging.Handler):
    """Lines of libraries, in the same form."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(record.levelno, record.getMessage(), logger=record.name)
