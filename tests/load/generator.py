"""A load generator: clients in threads, each with a connection it keeps, that send one text after the other.

`apart` runs one in a process of its own at nice 10, because it shares the processors with what it measures.
"""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE_SECONDS = 0.05
"""Pause of a client after a refusal; a polite one would wait for Retry-After, this one is there to press."""


@dataclass
class Tally:
    """What the clients saw. Latencies are seconds, by status."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: dict[int, list[float]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    retry_after: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, status: int, seconds: float, retry_after: str | None) -> None:
        """One answer."""
        with self.lock:
            self.statuses[status] += 1
            self.latencies.setdefault(status, []).append(seconds)
            if status == 503:
                self.retry_after.append(int(retry_after or 0))

    def lose(self, why: str) -> None:
        """One request without an answer."""
        with self.lock:
            self.lost.append(why)

    def as_json(self) -> str:
        """For another process."""
        return json.dumps({"latencies": self.latencies, "lost": self.lost, "retry_after": self.retry_after}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Tally":
        """The inverse of `as_json`."""
        raw = json.loads(text)
        latencies = {int(status): seconds for status, seconds in raw["latencies"].items()}
        counts = Counter({status: len(seconds) for status, seconds in latencies.items()})
        return cls(counts, latencies, raw["lost"], raw["retry_after"])

    def percentile(self, status: int, share: float) -> float:
        """A latency that this share of the answers did not exceed."""
        ordered = sorted(self.latencies.get(status, [0.0]))
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Load:
    """Clients that send until told to stop. `text` gives the next text of a client, by its number and turn."""

    port: int
    text: Callable[[int, int], str]
    clients: int
    path: str = "/attribute"
    pause: float = 0.0
    tally: Tally = field(default_factory=Tally)
    ended: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Load":
        for number in range(self.clients):
            thread = threading.Thread(target=self._client, args=(number,), daemon=True)
            thread.start()
            self.threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Let each client finish the request it is at."""
        self.ended.set()
        for thread in self.threads:
            thread.join(60)

    def run(self, seconds: float) -> Tally:
        """Send for some seconds."""
        with self:
            time.sleep(seconds)
        return self.tally

    def _client(self, number: int) -> None:
        connection, turn = None, 0
        self.ended.wait(self.pause * number / self.clients)
        while not self.ended.is_set():
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            began = time.monotonic()
            try:
                connection.connect() if connection.sock is None else None
            except OSError as error:
                connection = None  # refused: nobody accepted anything, so nothing is lost
                if not isinstance(error, ConnectionRefusedError):
                    self.tally.lose(f"connect: {error!r}")
                self.ended.wait(PATIENCE_SECONDS)
                continue
            try:
                self._send(connection, self.text(number, turn))
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.tally.lose(f"{time.monotonic() - began:.3f} s, turn {turn}: {error!r}")
                with contextlib.suppress(OSError):
                    connection.close()
                connection = None
                continue
            turn += 1
            self.tally.add(answer.status, time.monotonic() - began, answer.headers.get("Retry-After"))
            if answer.headers.get("Connection") == "close":
                connection.close()
                connection = None
            if answer.status != 200 and not self.pause:
                self.ended.wait(PATIENCE_SECONDS)
            self._pause(began)

    def _pause(self, began: float) -> None:
        """Until this client's next turn, `pause` seconds after its last one began; at once where the answer took longer."""
        if self.pause:
            self.ended.wait(max(0.0, began + self.pause - time.monotonic()))

    def _send(self, connection: http.client.HTTPConnection, text: str) -> None:
        if self.path != "/attribute":
            connection.request("GET", self.path)
            return
        connection.request("POST", self.path, json.dumps({"text": text}), {"Content-Type": "application/json"})


class Apart:
    """The same load from another process; `texts` names a function of `tests.load.texts`. `seconds` 0: until stopped."""

    def __init__(self, port: int, texts: str, clients: int, seconds: float, path: str = "/attribute", pause: float = 0) -> None:
        asked = json.dumps([port, texts, clients, seconds, path, pause])
        self._process = subprocess.Popen([sys.executable, "-m", "tests.load.generator", asked], stdout=subprocess.PIPE, text=True)

    def tally(self) -> Tally:
        """Wait for the end."""
        told, _ = self._process.communicate()
        return Tally.from_json(told)


def main() -> None:
    """What `Apart` starts."""
    from tests.load import texts

    port, name, clients, seconds, path, pause = json.loads(sys.argv[1])
    os.nice(10)
    print(Load(port, getattr(texts, name), clients, path, pause).run(seconds).as_json())


if __name__ == "__main__":
    main()
