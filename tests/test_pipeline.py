"""A request's way: refused, late, gone, draining; and the answers stay the same however they are batched."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.warmup import LENGTHS
from tests.conftest import ARTICLE, Make, service, until
from tests.double import Double


class Held(Double):
    """A double whose model waits to be let go."""

    def __init__(self) -> None:
        super().__init__(before=self.hold)
        self.go = threading.Event()
        self.go.set()

    def hold(self, windows: object) -> None:
        self.go.wait(10)


def test_not_ready_while_warming_up(make: Make) -> None:
    double = Held()
    double.go.clear()
    app = make(double, warm=False)
    client = app.test_client()
    for path, status in (("/readyz", 503), ("/livez", 200), ("/health", 503)):
        assert client.get(path).status_code == status
    assert client.get("/health").get_json()["checks"] == {
        "model_thread": "ok",
        "warm_up": "not over",
        "accepting": "ok",
    }
    refused = client.post("/attribute", json={"text": ARTICLE})
    assert (refused.status_code, refused.get_json()["type"]) == (503, "urn:quotes:problem:not-ready")
    assert refused.headers["Retry-After"] == "2"
    double.go.set()
    until(lambda: client.get("/readyz").status_code == 200)
    assert client.post("/attribute", json={"text": ARTICLE}).status_code == 200


def test_the_warm_up_runs_every_length(make: Make) -> None:
    double = Double()
    make(double)
    seen = {sum(window.length for window in batch) for batch in double.batches}
    assert len(seen) >= len(LENGTHS)
    assert double.threads == {"model"}


def test_503_when_full_by_number(make: Make) -> None:
    double = Held()
    app = make(double, threads=16)
    client = app.test_client()
    double.go.clear()
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(lambda: app.test_client().post("/attribute", json={"text": ARTICLE})) for _ in range(8)]
        until(lambda: service(app).pipeline.admission.requests == 8)
        refused = client.post("/attribute", json={"text": ARTICLE})
        assert (refused.status_code, refused.get_json()["type"]) == (503, "urn:quotes:problem:full")
        assert int(refused.headers["Retry-After"]) >= 1
        assert client.get("/livez").status_code == 200
        double.go.set()
        assert [each.result().status_code for each in sent] == [200] * 8
    assert service(app).pipeline.admission.requests == 0
    assert 'quotes_rejected_total{reason="requests"} 1.0' in client.get("/metrics").get_data(as_text=True)


def test_504_past_the_deadline_and_the_place_is_free_again(make: Make) -> None:
    double = Held()
    app = make(double, queue_seconds=0.01, deadline_seconds=5.02)
    pipeline = service(app).pipeline
    pipeline._deadline_seconds = 0.05
    double.go.clear()
    answer = app.test_client().post("/attribute", json={"text": ARTICLE})
    assert (answer.status_code, answer.get_json()["type"]) == (504, "urn:quotes:problem:deadline")
    double.go.set()
    until(lambda: pipeline.admission.pieces == 0)
    assert pipeline.admission.requests == 0


def test_draining_serves_and_closing_refuses(make: Make) -> None:
    app = make()
    client = app.test_client()
    service(app).drain()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["type"]) == (503, "urn:quotes:problem:draining")
    assert "Retry-After" in ready.headers
    assert client.get("/livez").status_code == 200
    assert client.post("/attribute", json={"text": ARTICLE}).status_code == 200
    service(app).close()
    refused = client.post("/attribute", json={"text": ARTICLE})
    assert (refused.status_code, refused.get_json()["type"]) == (503, "urn:quotes:problem:draining")


def test_a_dead_model_thread_is_told(make: Make) -> None:
    double = Double()
    app = make(double)
    client = app.test_client()

    def die(windows: Any) -> None:
        raise SystemExit

    double.before = die
    assert client.post("/attribute", json={"text": ARTICLE}).status_code == 503
    until(lambda: client.get("/livez").status_code == 503)
    assert "dead" in client.get("/livez").get_json()["detail"]
    assert client.get("/health").get_json()["status"] == "failing"
    assert client.post("/attribute", json={"text": ARTICLE}).status_code == 503


@pytest.mark.parametrize("seed", range(3))
def test_the_same_answer_alone_and_under_load(make: Make, seed: int) -> None:
    draw = random.Random(seed)
    app = make(Double(seconds=0.001))
    texts = [" ".join([ARTICLE] * draw.randint(1, 60)) + str(number) for number in range(40)]

    def ask(text: str) -> Any:
        return app.test_client().post("/attribute", json={"text": text}).get_json()

    alone = [ask(text) for text in texts]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, texts)) == alone
    assert service(app).pipeline.admission.pieces == 0
