"""Sections -> parts -> files of answers, as a Ray Data pipeline that streams: what is in flight is bounded, whatever IN holds."""

import logging
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import ray

from models.archives.desk import Desk
from models.archives.records import ArchiveError, Part
from models.archives.results import write
from models.archives.sources import Slice, Source
from models.archives.worker import Worker

WORKER_CPUS = 0.9
"""Of a core that Ray sets aside for a worker: what is left of each is for reading, which would starve otherwise."""

READER_CPUS = 0.1
"""Of a core for a task that reads."""


STARTS = 3
"""How often an embedded Ray is started: on a machine with much other work its parts may miss its own deadlines (15 s)."""


class Clerk(Worker):
    """A worker that also writes what it has answered: as tasks of their own, writes waited seconds for a process to start while
    the models had all cores, and answers went through shared memory twice. Called by Ray Data with a column of parts."""

    def __init__(self, desk: Desk, id_type: str) -> None:
        super().__init__()
        self.desk, self.id_type = desk, id_type

    def __call__(self, batch: Mapping[str, Sequence[Part]]) -> dict[str, Any]:
        """Parts in, what was counted of each out, as columns."""
        counts = [write(self.answer(part), self.desk.parts, self.desk.side, self.desk.form, self.id_type) for part in batch["part"]]
        return {name: np.array([own[name] for own in counts]) for name in counts[0]}


@contextmanager
def cluster(address: str | None) -> Iterator[int]:
    """Ray, embedded (local, no dashboard, gone afterwards) or the cluster at an address; gives its cores. Raises `ArchiveError`."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # only silences a note about accelerators
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # its notes on itself would stand between the lines of progress
    quiet: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    if address:
        _knock(address)
        # The nodes need requirements.txt and requirements/archive.txt; the code and the weights are brought along.
        package = Path(__file__).parent.parent
        quiet |= {"address": address, "runtime_env": {"py_modules": [str(package)], "excludes": ["training/"]}}
    else:
        cores = len(os.sched_getaffinity(0))
        # Shared memory holds parts on their way only: a few megabytes for each worker.
        quiet |= {"address": "local", "include_dashboard": False, "num_cpus": cores, "object_store_memory": 2**27 + cores * 2**25}
    _start(quiet, 1 if address else STARTS)
    try:
        yield int(ray.cluster_resources().get("CPU", 1))
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Whether anybody listens at host:port: Ray itself takes minutes to say that nobody does."""
    host, _, port = address.rpartition(":")
    if not port.isdecimal() or "//" in address:  # "auto", or an address of another kind
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise ArchiveError(f"Ray cannot be reached at {address}: {error}") from None


def _start(settings: dict[str, Any], tries: int) -> None:
    for left in reversed(range(tries)):
        try:
            ray.init(**settings)
            return
        except Exception as error:  # Ray raises plain exceptions here
            ray.shutdown()
            if not left:
                where = settings["address"]
                told = "cannot start on this machine" if where == "local" else f"cannot be reached at {where}"
                raise ArchiveError(f"Ray {told}: {_last_line(error)}") from None


def run(source: Source, desk: Desk, slices: Sequence[Slice], id_type: str, workers: int) -> Iterator[dict[str, int]]:
    """Do these parts, in any order; gives the counts of each as its files are there. Raises `ArchiveError` when the run cannot go on."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.target_max_block_size = 1  # a part is a block: nothing waits for others to fill one
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    sections = source.sections(slices)
    readers = ray.data.TaskPoolStrategy(size=max(2, workers))
    found = (
        ray.data.from_items([{"section": own} for own in sections], override_num_blocks=len(sections))
        .map_batches(partial(_read, source), batch_size=1, num_cpus=READER_CPUS, compute=readers)
        .map_batches(
            Clerk, fn_constructor_args=(desk, id_type), batch_size=1, num_cpus=WORKER_CPUS,
            compute=ray.data.ActorPoolStrategy(size=min(workers, len(slices)), max_tasks_in_flight_per_actor=2),
        )
    )
    try:
        yield from found.iter_rows()
    except ray.exceptions.RayError as error:
        raise ArchiveError(f"the run cannot go on: {_last_line(error)}") from error


def _read(source: Source, batch: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for section in batch["section"]:
        for part in source.read(section):
            column = np.empty(1, object)
            column[0] = part
            yield {"part": column}


def _last_line(error: Exception) -> str:
    """Ray puts a traceback of several processes into its message; the cause stands in the last line."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(error).__name__
