"""Parts about what is answered: the contract, hostile bytes, and the same answer alone and under load."""

import contextlib
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from service.batcher import BEAT_SECONDS, REST_SECONDS
from tests.load import hostile, texts
from tests.load.generator import Load
from tests.load.rows import Form, Row, Rows, memory, real
from tests.load.server import ROOT, Server, everything

TOLERANCE = {"fp32": 1e-4, "bf16": 1e-2}
"""How far scores of the same text may lie apart, by the precision served."""


def contract(form: Form) -> Rows:
    """Generated cases against the contract."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/test_contract.py"],
        cwd=ROOT,
        env={**os.environ, "CONTRACT_CASES": str(form.cases)},
        capture_output=True,
        text=True,
        check=False,
    )
    last = (ended.stdout.strip().splitlines() or ["no output"])[-1]
    yield Row(f"schemathesis, {form.cases:,} cases a route, all checks", "no failure", last, ended.returncode == 0)


def hostility(form: Form) -> Rows:
    """Hostile requests, and what they leave in memory."""
    with real(form) as server:
        worker = server.worker
        hurl(server, 1, form.hostile // 10)  # up to the allocator's high-water mark
        before = at_rest(server)
        errors, silent = hurl(server, 2, form.hostile)
        after = at_rest(server)
        alive = server.worker == worker and server.get("/livez")[0] == 200
        seen = f"{errors} of 5xx, {silent} without an answer, alive: {alive}"
        yield Row(f"{form.hostile:,} hostile requests", "no 500, no crash, no hang", seen, alive and not errors)
        yield Row("memory after them", "within 10 %", f"{before:.0f} to {after:.0f} MiB", after <= 1.1 * before)


def at_rest(server: Server) -> float:
    """The memory of a server that has had the time to give back what it can, MiB."""
    time.sleep(REST_SECONDS + 2 * BEAT_SECONDS)
    return memory(server)


def hurl(server: Server, seed: int, count: int) -> tuple[int, int]:
    """Send so many; how many had an answer of 5xx, and how many none."""
    errors = silent = 0
    for number, content in enumerate(hostile.requests(seed, count)):
        with server.connect() as sock:
            sock.settimeout(60)
            with contextlib.suppress(OSError):
                sock.sendall(content)
            answer = everything(sock)
        silent += not answer
        status = int(answer.split(b" ", 2)[1]) if answer else 0
        if status >= 500 and status not in (501, 505):
            errors += 1
            print(f"# request {number} of seed {seed}: {answer[:300]!r}", file=sys.stderr)
    return errors, silent


def sameness(form: Form) -> Rows:
    """The same texts alone, then all at once beside other load."""
    for precision, tolerance in TOLERANCE.items():
        with real(form, QUOTES_PRECISION=precision) as server:
            sent = [texts.mixed(1000 + number, 0)[:20_000] for number in range(form.same)]
            alone = [answered(server, text) for text in sent]
            with Load(server.port, texts.short, clients=12), ThreadPoolExecutor(16) as pool:
                crowded = list(pool.map(lambda text, server=server: answered(server, text), sent))
        apart = [distance(one, other) for one, other in zip(alone, crowded, strict=True)]
        others = sum(one == float("inf") for one in apart)
        most = max((one for one in apart if one != float("inf")), default=0.0)
        yield Row(
            f"{form.same} texts alone, then under load, {precision}",
            f"spans, speakers, topics identical; scores within {tolerance:g}",
            f"{others} differ, scores within {most:.1g}",
            not others and most <= tolerance,
        )


def answered(server: Server, text: str) -> Any:
    """The attributions of a text, asked for until there is room."""
    while True:
        status, told, _ = server.post(text)
        if status == 200:
            return told["attributions"]
        time.sleep(0.2)


def distance(one: Any, other: Any) -> float:
    """The largest difference of two answers' scores; infinite where anything else differs."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other)
    if type(one) is not type(other):
        return float("inf")
    if isinstance(one, dict):
        return max((distance(one[key], other[key]) for key in one), default=0.0) if one.keys() == other.keys() else float("inf")
    if isinstance(one, list):
        return max(map(distance, one, other), default=0.0) if len(one) == len(other) else float("inf")
    return 0.0 if one == other else float("inf")
