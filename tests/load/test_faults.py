"""The short form: statuses, losses and recovery against a real gunicorn; of timings only bounds on recovery."""

import contextlib
import http.client
import json
import os
import random
import re
import signal
import time
from collections.abc import Iterator

import pytest

from tests.conftest import ARTICLE, until
from tests.load import hostile
from tests.load.generator import Load
from tests.load.server import Server, everything, running

HEAD = b"POST /attribute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BODY = json.dumps({"text": ARTICLE}).encode()
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A fast server with a short patience, shared by the tests that leave it well."""
    with running(QUOTES_RECEIVE_SECONDS="1.5", QUOTES_DRAIN_SECONDS="0.2", QUOTES_LOG_LEVEL="warning") as made:
        yield made


def problem(answer: bytes) -> dict[str, object]:
    """The problem in a raw answer."""
    head, _, content = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    told: dict[str, object] = json.loads(content)
    assert {"type", "title", "status", "detail", "request_id"} <= set(told)
    return told


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505),
        (b"GET /livez HTTP/1.1\r\nBad Header: x\r\n\r\n", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000, 431),
        (b"POST /attribute HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: magic\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\n\r\n", 417),
        (HEAD + b"Content-Length: x\r\n\r\n", 400),
        (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 411),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\nhel", 411),
        (HEAD + b"Connection: close\r\n\r\n", 411),
        (HEAD + b"Content-Length: 2097153\r\n\r\n", 413),
        (HEAD + b"Content-Length: 2097153\r\nExpect: 100-continue\r\n\r\n", 413),
        (HEAD + b"Content-Length: 0\r\nConnection: close\r\n\r\n", 400),
        (b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
        (b"DELETE /attribute HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
    ],
)
def test_every_refusal_is_a_problem_whoever_makes_it(server: Server, content: bytes, status: int) -> None:
    found, answer = server.raw(content)
    assert found == status
    assert problem(answer)["status"] == status


def test_413_can_be_read_by_a_client_that_goes_on_sending(server: Server) -> None:
    for _ in range(5):
        status, answer = server.raw(HEAD + b"Content-Length: 8000000\r\n\r\n" + b"x" * 8_000_000)
        assert status == 413
        problem(answer)


def test_who_waits_to_be_told_to_go_on_is_told_once(server: Server) -> None:
    with server.connect() as sock:
        sock.sendall(HEAD + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY))
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(BODY)
        assert everything(sock).startswith(b"HTTP/1.1 200 OK")


def test_a_connection_is_kept_and_requests_sent_ahead_are_answered_in_order(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for _ in range(5):
        connection.request("POST", "/attribute", BODY, {"Content-Type": "application/json"})
        assert connection.getresponse().read().startswith(b'{"attributions"')
    connection.close()
    with server.connect() as sock:
        last = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        sock.sendall(WHOLE + WHOLE + last[:20])
        time.sleep(0.05)
        sock.sendall(last[20:])
        answer = everything(sock)
    assert [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", answer)] == [200, 200, 200]
    assert answer.endswith(b'{"status":"ok"}\n')


def test_stalled_clients_hold_nobody_up_and_get_408(server: Server) -> None:
    stalled = [server.connect() for _ in range(100)]
    try:
        for number, sock in enumerate(stalled):
            sock.sendall(WHOLE[: len(WHOLE) // 2] if number % 3 else WHOLE[:40])
        silent = [server.connect() for _ in range(100)]
        tally = Load(server.port, lambda number, turn: ARTICLE, clients=4).run(1.0)
        assert set(tally.statuses) == {200}
        assert not tally.lost
        for sock in stalled:
            answer = everything(sock)
            assert answer.startswith(b"HTTP/1.1 408 ")
            problem(answer)
        counted = server.raw(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[1]
        assert b'quotes_rejected_total{reason="too-slow"} 100.0' in counted
        for sock in silent:
            sock.close()
    finally:
        for sock in stalled:
            sock.close()


def test_a_client_that_trickles_gets_408(server: Server) -> None:
    with server.connect() as sock:
        sock.settimeout(0.1)
        answer = b""
        for at in range(len(WHOLE)):
            try:
                sock.sendall(WHOLE[at : at + 1])
                answer = sock.recv(1000)
                break
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")


def test_clients_that_leave_do_no_harm(server: Server) -> None:
    for number in range(60):
        with server.connect() as sock:
            sock.sendall(WHOLE if number % 2 else WHOLE[:80])
    assert server.post(ARTICLE)[0] == 200


def test_hostile_requests_break_nothing(server: Server) -> None:
    worker, seen = server.worker, set()
    for number, content in enumerate(hostile.requests(seed=7, count=150)):
        with server.connect() as sock:
            with contextlib.suppress(OSError):
                sock.sendall(content)
            sock.settimeout(5)
            answer = everything(sock)
        if answer:
            status = int(answer.split(b" ", 2)[1])
            seen.add(status)
            assert status < 500 or status in (501, 505), (number, answer[:300])
    assert {200, 400, 422} <= seen
    assert server.worker == worker
    assert server.get("/livez")[0] == 200


def test_a_text_that_makes_the_model_raise_hurts_nobody_else(server: Server) -> None:
    draw = random.Random(1)
    with Load(server.port, lambda number, turn: ARTICLE, clients=8) as load:
        for _ in range(10):
            status, told, _ = server.post(f"RAISE {draw.random()} Zanzibar")
            assert (status, told["type"]) == (500, "urn:quotes:problem:internal")
    assert set(load.tally.statuses) == {200}
    assert "Zanzibar" not in server.log
    assert "these words" not in server.log


def test_overload_gives_200_and_503_only_and_ends_with_the_load() -> None:
    with running(DOUBLE_SPEED="3000", QUOTES_QUEUE_SECONDS="1", QUOTES_DEADLINE_SECONDS="10") as server:
        worker = server.worker
        with Load(server.port, lambda number, turn: ARTICLE * 5, clients=120) as load:
            time.sleep(1)
            status, told, headers = server.post(ARTICLE, {"X-Request-ID": "desk-7"})
            while status == 200:
                status, told, headers = server.post(ARTICLE, {"X-Request-ID": "desk-7"})
            assert (status, told["type"]) == (503, "urn:quotes:problem:full")
            assert told["request_id"] == headers["X-Request-ID"] == "desk-7"
            assert int(headers["Retry-After"]) >= 1
            with server.connect() as sock:  # many requests in one go, which must not pile up in the main loop
                sock.sendall(WHOLE * 300 + b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                assert everything(sock).endswith(b'{"status":"ok"}\n')
            for _ in range(5):
                assert server.get("/livez")[0] == 200
                assert server.get("/readyz")[0] == 200
            time.sleep(1.5)
        assert set(load.tally.statuses) == {200, 503}
        assert not load.tally.lost
        assert min(load.tally.retry_after) >= 1
        assert server.worker == worker
        assert server.post(ARTICLE)[0] == 200


def test_a_long_text_and_short_ones_all_get_answers() -> None:
    with running(DOUBLE_SPEED="20000") as server:
        long = (ARTICLE + " ") * 900
        with Load(server.port, lambda number, turn: long[:99_000] if number == 0 else ARTICLE, clients=30) as load:
            time.sleep(2)
        assert set(load.tally.statuses) == {200}
        assert not load.tally.lost


@pytest.mark.parametrize("turn", range(2))
def test_sigterm_under_load_loses_nothing(turn: int) -> None:
    with running(DOUBLE_SPEED="5000", QUOTES_DRAIN_SECONDS="0.5") as server:
        with Load(server.port, lambda number, turn: ARTICLE * 3, clients=30) as load:
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)
            until(lambda: server.get("/readyz")[0] == 503, 2)
            assert server.process.wait(30) == 0
        assert not load.tally.lost
        assert set(load.tally.statuses) <= {200, 503}
        assert load.tally.statuses[200] > 30


def test_sigterm_ends_an_idle_server_too(server: Server) -> None:
    with running(QUOTES_DRAIN_SECONDS="0") as other:
        kept = other.connect()
        kept.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert kept.recv(1000).startswith(b"HTTP/1.1 200")
        assert other.stop() == 0
        kept.close()


def test_a_killed_worker_comes_back() -> None:
    with running() as server:
        killed = server.worker
        os.kill(killed, signal.SIGKILL)
        until(lambda: server.worker not in (0, killed), 60)
        server.until_ready()
        assert server.post(ARTICLE)[0] == 200


@pytest.mark.parametrize(("fault", "why"), [("HANG", "hangs"), ("DIE", "dead")])
def test_a_lost_model_thread_shows_and_the_service_comes_back_by_itself(fault: str, why: str) -> None:
    with running(QUOTES_HANG_SECONDS="1.5", QUOTES_BATCH_SECONDS="0.1") as server:
        lost = server.worker
        with server.connect() as sock:
            body = json.dumps({"text": fault}).encode()
            sock.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            until(lambda: server.get("/livez")[0] == 503, 30)
            status, told, _ = server.get("/health")
            assert (status, told["checks"]["model_thread"]) == (503, why)
            assert server.get("/readyz")[0] == 503
            assert server.post(ARTICLE)[0] == 503
        until(lambda: server.worker not in (0, lost), 60)
        server.until_ready()
        assert server.post(ARTICLE)[0] == 200


def test_a_model_that_cannot_be_loaded_ends_the_start_with_one_line() -> None:
    server = Server("service:from_environment()", QUOTES_WEIGHTS="/tmp")
    try:
        assert server.process.wait(60) != 0
        assert "ArtifactError: " in server.log
        assert "Traceback" not in server.log
    finally:
        server.kill()
