"""Parts about load: more than it bears, short texts beside a long one, and many minutes of it."""

import sys
import time

from tests.load import texts
from tests.load.generator import Apart, Tally
from tests.load.rows import Form, Row, Rows, level, real

EVERY_SECONDS = 2.0
"""How often each client of a crowd sends."""

WAITING = 56
"""Clients that wait in the queue of the service as it ships."""


def overload(form: Form) -> Rows:
    """Three times the clients that saturate it, for a minute."""
    with real(form) as server:
        Apart(server.port, "usual", 4, form.warm).tally()
        best = 0.0
        for clients in (1, 2, 4, 8, 16):
            tally = Apart(server.port, "usual", clients, form.step).tally()
            rate = tally.statuses[200] / form.step
            print(f"# {clients} clients: {rate:.1f} a second, p95 {tally.percentile(200, 0.95):.2f} s", file=sys.stderr)
            best = max(best, rate)
        probes = Apart(server.port, "usual", 1, form.press, "/livez", 0.05)
        # the clients beyond those that wait must send what makes up three times the best
        clients = WAITING + int(3 * best * EVERY_SECONDS)
        crowd = Apart(server.port, "usual", clients, form.press, pause=EVERY_SECONDS)
        tally, probed = crowd.tally(), probes.tally()
        statuses = dict(tally.statuses)
        yield Row(
            f"3 x capacity, {form.press:g} s",
            "200 and 503 only, none lost",
            f"{statuses}, lost {len(tally.lost)}",
            set(statuses) <= {200, 503} and not tally.lost,
        )
        goodput = tally.statuses[200] / form.press
        yield Row("goodput under it", "80 % of the best", f"{goodput:.1f} of {best:.1f} a second", goodput >= 0.8 * best)
        for name, value in (("503", tally.percentile(503, 0.99)), ("/livez", probed.percentile(200, 0.99))):
            yield Row(f"{name} under it, p99", "250 ms", f"{value * 1000:.0f} ms", value < 0.25)
        began = time.monotonic()
        while server.post(texts.short(0, 0))[0] != 200:
            time.sleep(0.05)
        took = time.monotonic() - began
        yield Row("recovery after it", "2 s", f"{took:.2f} s", took < 2)


def fairness(form: Form) -> Rows:
    """Short texts beside one of the longest, all of them let in."""
    with real(form, QUOTES_THREADS="80") as server:
        Apart(server.port, "short", 64, form.warm).tally()
        alone = Apart(server.port, "short", 64, form.beside).tally()
        beside = Apart(server.port, "longest", 1, form.beside)
        together = Apart(server.port, "short", 64, form.beside).tally()
        long = beside.tally()
        one, other = alone.percentile(200, 0.95), together.percentile(200, 0.95)
        print(f"# the long one: {dict(long.statuses)}, p50 {long.percentile(200, 0.5):.1f} s", file=sys.stderr)
        yield Row(
            "64 clients with short texts beside one of 100,000 characters (80 threads), p95",
            "3 x that without it",
            f"{one:.2f} and {other:.2f} s",
            other <= 3 * one,
        )


def endurance(form: Form) -> Rows:
    """Random lengths at four fifths of the load it bears."""
    with real(form) as server:
        Apart(server.port, "mixed", 8, 2 * form.warm).tally()
        best = Apart(server.port, "mixed", 8, 2 * form.step).tally().statuses[200] / (2 * form.step)
        clients, seconds, began = 8, 60 * form.minutes, time.monotonic()
        crowd = Apart(server.port, "mixed", clients, seconds, pause=clients / (0.8 * best))
        time.sleep(form.settle)
        levels = [level(server, min(60, seconds / 8))]
        while time.monotonic() < began + seconds - 120:
            levels.append(level(server, 60))
            print(f"# minute {len(levels)}: {levels[-1]:.0f} MiB", file=sys.stderr)
        levels.append(level(server, max(1, began + seconds - time.monotonic())))
        tally: Tally = crowd.tally()
        early, late = levels[0], levels[-1]
        rate = tally.statuses[200] / seconds
        yield Row(
            f"{form.minutes:g} minutes of random lengths at {100 * rate / best:.0f} % load",
            "no loss",
            f"{dict(tally.statuses)}, lost {len(tally.lost)}",
            set(tally.statuses) == {200} and not tally.lost,
        )
        promised = f"within 5 % of that after {form.settle / 60:g} minutes (medians of a minute)"
        yield Row("memory at the end", promised, f"{early:.0f} to {late:.0f} MiB", late <= 1.05 * early)
