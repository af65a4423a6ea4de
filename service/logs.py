"""Logs: one JSON object a line on stdout, with the request's id and trace, and never a word of an article.

Exceptions are therefore logged as their type and the places they passed, without their message: the message of a
decoder or of a tokenizer quotes what it could not read.
"""

import json
import logging
import logging.config
import sys
import time
import traceback
from types import TracebackType
from typing import Any

from flask import has_request_context

from service.exchange import Exchange, current

UNLOGGED = frozenset({"/livez", "/readyz", "/health", "/metrics"})
"""Routes that machines ask all day; they are counted, not logged."""

LOG = logging.getLogger("service")
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def log_exchange(exchange: Exchange) -> None:
    """One line for a request that has ended: the route's template instead of the path, numbers instead of words."""
    if exchange.route in UNLOGGED:
        return
    line: dict[str, Any] = {
        "request_id": exchange.request_id,
        "trace_id": exchange.trace_id,
        "method": exchange.method,
        "route": exchange.route,
        "status": exchange.status,
        "seconds": round(exchange.seconds, 4),
        "caller": exchange.caller,
        **exchange.facts,
        **{f"{stage}_seconds": round(seconds, 4) for stage, seconds in exchange.stages.items()},
    }
    LOG.info("request", extra={key: value for key, value in line.items() if value is not None})


def places(kind: type[BaseException], trace: TracebackType | None) -> list[str]:
    """An exception without its words: its type, then where it passed, outermost first."""
    passed = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return [f"{kind.__module__}.{kind.__qualname__}", *passed]


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; what was given as `extra` becomes members."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{stamp}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request_id"] = current().request_id
        line.update({key: value for key, value in vars(record).items() if key not in _OWN})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = places(record.exc_info[0], record.exc_info[2])
        return json.dumps(line, default=str)


def configuration(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig` and gunicorn's `logconfig_dict`: all loggers to stdout in JSON.

    The levels of libraries stay at warning: at debug some of them print what they handle.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "service.logs.JsonFormatter"}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
        "root": {"level": "WARNING", "handlers": ["stdout"]},
        "loggers": {
            "service": {"level": level.upper()},
            "gunicorn.error": {
                "level": "INFO" if level == "debug" else level.upper(),
                "propagate": True,
                "handlers": [],
            },
            "gunicorn.access": {"level": "CRITICAL", "propagate": False, "handlers": []},
        },
    }


def install(level: str) -> None:
    """Log as `configuration` says, Python's warnings too, and what would end the process."""
    logging.config.dictConfig(configuration(level))
    logging.captureWarnings(True)
    sys.excepthook = _uncaught


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    LOG.critical("uncaught", exc_info=(kind, error, trace))
