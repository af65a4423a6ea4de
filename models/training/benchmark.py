"""`make bench`: what an answer costs, as one JSON line, its last.

The library against the bare encoder pass over the same pieces and against a peer (textacy) on the same text, cost against length,
and the real service under 1 to 64 clients; texts are made of the dev split of the labelled articles, so nothing is needed but the repository.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from models import Attributor, load
from models.training import archive_bench, peer_bench
from models.training.datasets import load_articles

ARTICLES = Path(__file__).parent / "articles"
WORDS = 1000


def text_of(words: int) -> str:
    """A text of about that many words: articles of the dev split one after the other, whole until the last."""
    made: list[str] = []
    count = 0
    rows = load_articles(ARTICLES, "dev")
    index = 0
    while count < words:
        text = rows[index % len(rows)]["text"]
        made.append(text)
        count += len(text.split())
        index += 1
    return "\n\n".join(made)[: 99_900 if words > 12_000 else None]


def seconds(call: Any, times: int = 7) -> float:
    """The median of several runs after one that is not counted."""
    call()
    runs = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        runs.append(time.perf_counter() - began)
    return statistics.median(runs)


def library(attributor: Attributor) -> dict[str, Any]:
    """Cost of whole answers, of the bare encoder on the same pieces, and by length."""
    text = text_of(WORDS)
    words = len(text.split())
    windows = attributor.read(text).windows
    whole, bare = seconds(lambda: attributor([text])), seconds(lambda: attributor.encode(windows))
    by_length = {}
    for wanted in (100, 300, 1000, 3000, 10_000, 20_000):
        own = text_of(wanted)
        parts = [own] if len(own) < 99_000 else [own[: len(own) // 2], own[len(own) // 2 :]]
        by_length[str(wanted)] = round(len(own.split()) / seconds(lambda parts=parts: [attributor([part]) for part in parts], 3))
    return {
        "words": words, "answer_seconds": round(whole, 4), "encoder_seconds": round(bare, 4), "ratio_to_encoder": round(whole / bare, 3),
        "words_per_second": round(words / whole), "words_per_second_by_length": by_length, "precision": attributor.card.precision,
    }


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def post(port: int, body: bytes) -> tuple[int, float]:
    """Status and seconds of one request."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/attribute", body, {"Content-Type": "application/json"})
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    return status, time.perf_counter() - began


def service() -> dict[str, Any]:
    """Start to ready, latency under 1 to 64 clients, and memory of the real service."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:service.gunicorn_conf"], env=os.environ | {"PORT": str(port)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).read()
                break
            except OSError:
                if time.perf_counter() - began > 120 or process.poll() is not None:
                    raise SystemExit("the service did not become ready within 120 s") from None
                time.sleep(0.05)
        made: dict[str, Any] = {"ready_seconds": round(time.perf_counter() - began, 2)}
        body = json.dumps({"text": text_of(WORDS), "off_topic": True}).encode()
        made["article_1000_words_seconds"] = round(statistics.median(post(port, body)[1] for _ in range(9)), 4)
        short = json.dumps({"text": text_of(250), "off_topic": True}).encode()
        for clients in (1, 4, 16, 64):
            made[f"clients_{clients}"] = load_of(port, short, clients)
        tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        made["resident_mb"] = round(max(own.memory_info().rss for own in tree) / 1e6)
        return made
    finally:
        process.terminate()
        process.wait(30)


def load_of(port: int, body: bytes, clients: int, each: float = 6.0) -> dict[str, Any]:
    """p50, p95 and p99 in seconds of answered requests, answers a second, and refusals, over `each` seconds."""
    times: list[float] = []
    refused = 0
    lock = threading.Lock()
    until = time.perf_counter() + each

    def client() -> None:
        nonlocal refused
        while time.perf_counter() < until:
            status, took = post(port, body)
            with lock:
                if status == 200:
                    times.append(took)
                else:
                    refused += 1
            if status != 200:
                time.sleep(0.2)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    at = lambda share: round(times[min(len(times) - 1, int(share * len(times)))], 4) if times else None  # noqa: E731
    return {"p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "per_second": round(len(times) / each, 2), "refused": refused}


def main() -> None:
    """Measure and print."""
    own, peer = library(load()), peer_bench.measured(text_of(WORDS))
    if peer:
        own["times_peer"] = round(own["words_per_second"] / peer["words_per_second"], 2)
    made = {"library": own, "peer": peer, "service": service(), "archive": archive_bench.measured(load())}
    print(json.dumps(made))


if __name__ == "__main__":
    main()
