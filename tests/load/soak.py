"""The long form: `python -m tests.load.soak [--only NAME …] [--minutes 20]`, on an otherwise idle machine.

Each part prints one row: what was done, what was promised, what was seen. The exit status tells whether all promises hold.
Load and memory are measured on the real model, faults on the double, whose texts can make it hang or raise.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from tests.conftest import until
from tests.load import hostile, texts
from tests.load.generator import Apart, Load, Tally
from tests.load.server import ROOT, Server, everything, running

REAL = "service:from_environment()"
WEIGHTS = {"QUOTES_WEIGHTS": os.environ["SOAK_WEIGHTS"]} if "SOAK_WEIGHTS" in os.environ else {}
EVERY_SECONDS = 2.0
"""How often each client of a crowd sends."""


@dataclass(frozen=True)
class Row:
    """One promise."""

    done: str
    promised: str
    seen: str
    holds: bool


Rows = Iterator[Row]


def real() -> contextlib.AbstractContextManager[Server]:
    """The service as it ships."""
    return running(REAL, QUOTES_LOG_LEVEL="warning", **WEIGHTS)


def memory(server: Server) -> float:
    """Resident memory of the worker, MiB."""
    return float(psutil.Process(server.worker).memory_info().rss) / 2**20


def contract(minutes: float) -> Rows:
    """Generated cases against the contract."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/test_contract.py"],
        cwd=ROOT,
        env={**os.environ, "CONTRACT_CASES": "2000"},
        capture_output=True,
        text=True,
        check=False,
    )
    last = (ended.stdout.strip().splitlines() or ["no output"])[-1]
    yield Row("schemathesis, 2,000 cases a route, all checks", "no failure", last, ended.returncode == 0)


def hostility(minutes: float) -> Rows:
    """Hostile requests, and what they leave in memory."""
    with real() as server:
        worker = server.worker
        sent, errors, silent = 0, 0, 0

        def send(seed: int, count: int) -> None:
            nonlocal sent, errors, silent
            for content in hostile.requests(seed, count):
                with server.connect() as sock:
                    sock.settimeout(60)
                    with contextlib.suppress(OSError):
                        sock.sendall(content)
                    answer = everything(sock)
                sent += 1
                silent += not answer
                status = int(answer.split(b" ", 2)[1]) if answer else 0
                if status >= 500 and status not in (501, 505):
                    errors += 1
                    print(f"# request {sent} of seed {seed}: {answer[:300]!r}", file=sys.stderr)

        send(1, 1000)  # the allocator's high-water mark
        before = memory(server)
        send(2, 10_000)
        time.sleep(2)
        after = memory(server)
        alive = server.worker == worker and server.get("/livez")[0] == 200
        seen = f"{errors} of 5xx, {silent} without an answer, alive: {alive}"
        yield Row(f"{sent:,} hostile requests", "no 500, no crash, no hang", seen, alive and not errors)
        yield Row("memory after them", "within 10 %", f"{before:.0f} to {after:.0f} MiB", after <= 1.1 * before)


def overload(minutes: float) -> Rows:
    """Three times the clients that saturate it, for a minute."""
    with real() as server:
        Apart(server.port, "usual", 4, 10).tally()
        best = 0.0
        for clients in (1, 2, 4, 8, 16):
            tally = Apart(server.port, "usual", clients, 15).tally()
            rate = tally.statuses[200] / 15
            print(f"# {clients} clients: {rate:.1f} a second, p95 {tally.percentile(200, 0.95):.2f} s", file=sys.stderr)
            best = max(best, rate)
        seconds = 60
        probes = Apart(server.port, "usual", 1, seconds, "/livez", 0.05)
        # 56 clients wait in the queue at any time; the others must send what makes up three times the best
        clients = 56 + int(3 * best * EVERY_SECONDS)
        crowd = Apart(server.port, "usual", clients, seconds, pause=EVERY_SECONDS)
        tally, probed = crowd.tally(), probes.tally()
        statuses = dict(tally.statuses)
        yield Row(
            "3 x capacity, 60 s",
            "200 and 503 only, none lost",
            f"{statuses}, lost {len(tally.lost)}",
            set(statuses) <= {200, 503} and not tally.lost,
        )
        goodput = tally.statuses[200] / seconds
        yield Row("goodput under it", "80 % of the best", f"{goodput:.1f} of {best:.1f} a second", goodput >= 0.8 * best)
        for name, value in (("503", tally.percentile(503, 0.99)), ("/livez", probed.percentile(200, 0.99))):
            yield Row(f"{name} under it, p99", "250 ms", f"{value * 1000:.0f} ms", value < 0.25)
        began = time.monotonic()
        while server.post(texts.short(0, 0))[0] != 200:
            time.sleep(0.05)
        took = time.monotonic() - began
        yield Row("recovery after it", "2 s", f"{took:.2f} s", took < 2)


def fairness(minutes: float) -> Rows:
    """Short texts beside one of the longest."""
    with real() as server:
        Apart(server.port, "short", 56, 10).tally()
        alone = Apart(server.port, "short", 55, 30).tally()
        beside = Apart(server.port, "longest", 1, 30)
        together = Apart(server.port, "short", 55, 30).tally()
        long = beside.tally()
        one, other = alone.percentile(200, 0.95), together.percentile(200, 0.95)
        print(f"# the long one: {dict(long.statuses)}, p50 {long.percentile(200, 0.5):.1f} s", file=sys.stderr)
        yield Row(
            "55 short texts beside one of 100,000 characters, p95", "3 x that without it", f"{one:.2f} and {other:.2f} s", other <= 3 * one
        )


def stopping(minutes: float) -> Rows:
    """SIGTERM under load, twenty times."""
    lost, statuses, exits, longest = [], set(), set(), 0.0
    for _ in range(20):
        with running(DOUBLE_SPEED="5000", QUOTES_LOG_LEVEL="warning") as server:
            with Load(server.port, texts.usual, clients=40) as load:
                time.sleep(1)
                began = time.monotonic()
                server.process.send_signal(signal.SIGTERM)
                exits.add(server.process.wait(60))
                longest = max(longest, time.monotonic() - began)
            lost += load.tally.lost
            statuses |= set(load.tally.statuses)
    holds = not lost and statuses <= {200, 503} and exits == {0}
    yield Row(
        "SIGTERM under load, 20 times", "none lost, exit 0", f"lost {len(lost)}, {statuses}, exit {exits}, at most {longest:.1f} s", holds
    )


def faults(minutes: float) -> Rows:
    """A killed worker, a lost model thread, stalled clients."""
    with real() as server:
        killed = server.worker
        os.kill(killed, signal.SIGKILL)
        began = time.monotonic()
        until(lambda: server.worker not in (0, killed), 20)
        server.until_ready(60)
        took = time.monotonic() - began
        yield Row("SIGKILL of the worker", "ready in 20 s", f"{took:.1f} s", took < 20)
    for fault in ("HANG", "DIE"):
        with running(QUOTES_LOG_LEVEL="warning") as server:
            lost = server.worker
            with Load(server.port, lambda number, turn, fault=fault: fault, clients=1):  # type: ignore[misc]
                began = time.monotonic()
                until(lambda server=server: server.get("/livez")[0] == 503, 20)  # type: ignore[misc]
                took = time.monotonic() - began
                until(lambda server=server, lost=lost: server.worker not in (0, lost), 60)  # type: ignore[misc]
                again = time.monotonic() - began
            server.until_ready(60)
            yield Row(f"the model thread: {fault}", "/livez falls in 10 s", f"{took:.1f} s; a new process after {again:.0f} s", took < 10)
    with real() as server:
        alone = Load(server.port, texts.short, 4).run(10)
        stalled = [server.connect() for _ in range(100)]
        for sock in stalled:
            sock.sendall(b"POST /attribute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
        beside = Load(server.port, texts.short, 4).run(8)
        told = [everything(sock)[:12] for sock in stalled]
        for sock in stalled:
            sock.close()
        one, other = alone.percentile(200, 0.95), beside.percentile(200, 0.95)
        holds = set(beside.statuses) == {200} and not beside.lost and set(told) == {b"HTTP/1.1 408"} and other < 1.5 * one + 0.05
        yield Row("100 half-sent bodies", "408, others unaffected", f"{set(told)}, p95 {one:.2f} and {other:.2f} s", holds)


def endurance(minutes: float) -> Rows:
    """Random lengths at four fifths of the load it bears."""
    with real() as server:
        Apart(server.port, "mixed", 8, 20).tally()
        best = Apart(server.port, "mixed", 8, 30).tally().statuses[200] / 30
        clients = 8
        pause = clients / (0.8 * best)
        crowd = Apart(server.port, "mixed", clients, 60 * minutes, pause=pause)
        time.sleep(120)
        early = memory(server)
        tally: Tally = crowd.tally()
        late = memory(server)
        rate = tally.statuses[200] / (60 * minutes)
        yield Row(
            f"{minutes:g} minutes of random lengths at {100 * rate / best:.0f} % load",
            "no loss",
            f"{dict(tally.statuses)}, lost {len(tally.lost)}",
            set(tally.statuses) == {200} and not tally.lost,
        )
        yield Row("memory at the end", "within 5 % of that after 2 minutes", f"{early:.0f} to {late:.0f} MiB", late <= 1.05 * early)


PARTS: dict[str, Callable[[float], Rows]] = {
    part.__name__: part for part in (contract, hostility, overload, fairness, stopping, faults, endurance)
}


def main() -> None:
    """Run the parts and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--minutes", type=float, default=20, help="of the part `endurance`")
    parser.add_argument("--json", type=Path, help="write the rows here too")
    given = parser.parse_args()
    rows: list[Row] = []
    say = partial(print, flush=True)
    say("| what was done | what was promised | what was seen | holds |\n| --- | --- | --- | --- |")
    for name in given.only:
        for row in PARTS[name](given.minutes):
            rows.append(row)
            say(f"| {row.done} | {row.promised} | {row.seen} | {'yes' if row.holds else 'NO'} |")
    if given.json:
        given.json.write_text(json.dumps([row.__dict__ for row in rows], indent=1) + "\n")
    sys.exit(0 if all(row.holds for row in rows) else 1)


if __name__ == "__main__":
    main()
