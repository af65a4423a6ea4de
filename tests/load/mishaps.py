"""Parts about what goes wrong: stops, killed processes, a lost model thread, stalled clients; and the image as it runs."""

import os
import signal
import sys
import time

from tests.conftest import ARTICLE, until
from tests.load import texts
from tests.load.generator import Load
from tests.load.image import USER, contained, directory_size
from tests.load.rows import Form, Row, Rows, real
from tests.load.server import everything, running

HALF = b"POST /attribute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"


def stopping(form: Form) -> Rows:
    """SIGTERM under load, again and again."""
    lost, statuses, exits, longest = [], set(), set(), 0.0
    for _ in range(form.stops):
        with running(DOUBLE_SPEED="5000", QUOTES_LOG_LEVEL="warning") as server:
            with Load(server.port, texts.usual, clients=40) as load:
                time.sleep(1)
                began = time.monotonic()
                server.process.send_signal(signal.SIGTERM)
                exits.add(server.process.wait(60))
                longest = max(longest, time.monotonic() - began)
            lost += load.tally.lost
            statuses |= set(load.tally.statuses)
    yield Row(
        f"SIGTERM under load, {form.stops} times",
        "none lost, exit 0",
        f"lost {len(lost)}, {statuses}, exit {exits}, at most {longest:.1f} s",
        not lost and statuses <= {200, 503} and exits == {0},
    )


def faults(form: Form) -> Rows:
    """A killed worker, a lost model thread, stalled clients."""
    with real(form) as server:
        killed = server.worker
        os.kill(killed, signal.SIGKILL)
        began = time.monotonic()
        until(lambda: server.worker not in (0, killed), 20)
        server.until_ready(60)
        took = time.monotonic() - began
        yield Row("SIGKILL of the worker", "ready in 20 s", f"{took:.1f} s", took < 20)
    for fault in ("HANG", "DIE"):
        yield lost_thread(fault)
    yield from stalled(form)


def lost_thread(fault: str) -> Row:
    """The model thread hangs, or dies of what no handler expects."""
    with running(QUOTES_LOG_LEVEL="warning") as server:
        lost = server.worker
        with Load(server.port, lambda number, turn: fault, clients=1):
            began = time.monotonic()
            until(lambda: server.get("/livez")[0] == 503, 20)
            took = time.monotonic() - began
            until(lambda: server.worker not in (0, lost), 60)
            again = time.monotonic() - began
        server.until_ready(60)
    return Row(f"the model thread: {fault}", "/livez falls in 10 s", f"{took:.1f} s; a new process after {again:.0f} s", took < 10)


def stalled(form: Form) -> Rows:
    """Half-sent bodies beside clients that send whole ones."""
    with real(form) as server:
        alone = Load(server.port, texts.short, 4).run(form.warm)
        halves = [server.connect() for _ in range(100)]
        for sock in halves:
            sock.sendall(HALF)
        beside = Load(server.port, texts.short, 4).run(min(8, form.warm))
        told = {everything(sock)[:12].decode() for sock in halves}
        for sock in halves:
            sock.close()
        one, other = alone.percentile(200, 0.95), beside.percentile(200, 0.95)
        holds = set(beside.statuses) == {200} and not beside.lost and told == {"HTTP/1.1 408"} and other < 1.5 * one + 0.05
        yield Row("100 half-sent bodies", "408, others unaffected", f"{told}, p95 {one:.2f} and {other:.2f} s", holds)


def image(form: Form) -> Rows:
    """The image's own files, read-only, as its user: ready, an answer, SIGTERM."""
    if form.image is None:
        print("# image: give --image-root, an unpacked image", file=sys.stderr)
        return
    with contained(form.image, QUOTES_LOG_LEVEL="warning") as server:
        took = server.until_ready()
        status, told, _ = server.post(ARTICLE)
        yield Row(
            f"the image as uid {USER}, root read-only",
            "ready and answers",
            f"ready in {took:.1f} s, {status}, {len(told.get('attributions', []))} attributions, {directory_size(form.image) / 1e9:.2f} GB",
            status == 200,
        )
        with Load(server.port, texts.short, clients=4) as load:
            time.sleep(1)
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            ended = server.process.wait(60)
        took = time.monotonic() - began
        yield Row(
            "SIGTERM to it under load",
            "none lost, exit 0",
            f"lost {len(load.tally.lost)}, exit {ended}, {took:.1f} s",
            not load.tally.lost and ended == 0,
        )
