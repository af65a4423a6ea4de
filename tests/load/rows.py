"""What a part of the long form promises and yields: its form (how much, how long) and its rows."""

import contextlib
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.load.server import Server, running

REAL = {"application": "service:from_environment()"}
DOUBLE = {"DOUBLE_SPEED": "20000"}
WEIGHTS = {"QUOTES_WEIGHTS": os.environ["SOAK_WEIGHTS"]} if "SOAK_WEIGHTS" in os.environ else {}


@dataclass(frozen=True)
class Form:
    """How much of each thing; the defaults are the long form. Seconds unless the name says otherwise."""

    cases: int = 2000
    hostile: int = 10_000
    same: int = 60
    warm: float = 10
    step: float = 15
    press: float = 60
    beside: float = 30
    stops: int = 20
    minutes: float = 20
    settle: float = 120
    double: bool = False
    """Serve the double in the model's place, where only the suite itself is tried."""

    image: Path | None = None
    """An unpacked image's root file system, for the part `image`."""


SHORT = Form(cases=5, hostile=200, same=6, warm=2, step=2, press=5, beside=4, stops=2, minutes=0.25, settle=8)
"""Shows that every part runs; its timings show nothing."""


@dataclass(frozen=True)
class Row:
    """One promise."""

    done: str
    promised: str
    seen: str
    holds: bool


Rows = Iterator[Row]


def real(form: Form, **settings: str) -> contextlib.AbstractContextManager[Server]:
    """The service as it ships."""
    return running(QUOTES_LOG_LEVEL="warning", **(DOUBLE if form.double else REAL | WEIGHTS), **settings)


def memory(server: Server) -> float:
    """Resident memory of the worker, MiB."""
    return float(psutil.Process(server.worker).memory_info().rss) / 2**20


def level(server: Server, seconds: float) -> float:
    """The median of its resident memory over some seconds, MiB: what a batch holds while it is computed comes and goes."""
    until, seen = time.monotonic() + seconds, [memory(server)]
    while time.monotonic() < until:
        time.sleep(0.25)
        seen.append(memory(server))
    return statistics.median(seen)
