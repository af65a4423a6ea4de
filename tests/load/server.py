"""A real gunicorn on loopback, started as in production, and raw connections to it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class Server:
    """A running service. `application` is what gunicorn serves; `settings` are environment variables.

    `command` starts it instead, with `{port}` in its words; it sees to its own environment.
    """

    def __init__(self, application: str = "tests.load.served:application()", command: Sequence[str] = (), **settings: str) -> None:
        self.port = free_port()
        self._log = tempfile.NamedTemporaryFile(mode="w+", suffix=".log")  # noqa: SIM115  # closed in `stop`
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("QUOTES_", "DOUBLE_"))}
        usual = [sys.executable, "-m", "gunicorn", "-c", "python:service.gunicorn_conf", application]
        self.process = subprocess.Popen(
            [word.replace("{port}", str(self.port)) for word in command] or usual,
            cwd=ROOT,
            env={**clean, "QUOTES_HOST": "127.0.0.1", "PORT": str(self.port), **settings},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    @property
    def log(self) -> str:
        """All that was printed so far."""
        return Path(self._log.name).read_text()

    @property
    def worker(self) -> int:
        """The worker's process id; 0 while there is none."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else 0

    def until_ready(self, seconds: float = 90) -> float:
        """Wait for `/readyz`; the seconds it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/readyz", 2)[0] == 200:
                    return time.monotonic() - began
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log}")
            time.sleep(0.05)
        raise AssertionError(f"not ready in {seconds} s:\n{self.log}")

    def get(self, path: str, timeout: float = 10) -> tuple[int, dict[str, Any], http.client.HTTPMessage]:
        """GET a path: status, JSON, headers."""
        return self._ask("GET", path, None, {}, timeout)

    def post(
        self, text: str, headers: dict[str, str] | None = None, timeout: float = 60, **fields: Any
    ) -> tuple[int, dict[str, Any], http.client.HTTPMessage]:
        """POST a text, with other fields of a request: status, JSON, headers."""
        body = json.dumps({"text": text, **fields}).encode()
        return self._ask("POST", "/attribute", body, {"Content-Type": "application/json", **(headers or {})}, timeout)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], timeout: float
    ) -> tuple[int, dict[str, Any], http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            kind = answer.headers.get_content_type()
            return answer.status, json.loads(content) if kind.endswith("json") else {}, answer.headers
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        """A raw connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def raw(self, content: bytes) -> tuple[int, bytes]:
        """Send these bytes; status and the whole answer."""
        with self.connect() as sock:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                sock.sendall(content)
            answer = everything(sock)
            return int(answer.split(b" ", 2)[1]), answer

    def stop(self) -> int:
        """SIGTERM and wait; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it whatever it does."""
        with contextlib.suppress(OSError):
            if worker := self.worker:
                os.kill(worker, signal.SIGKILL)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self._log.close()


def everything(sock: socket.socket) -> bytes:
    """All that comes until the other side closes or falls silent."""
    parts = []
    with contextlib.suppress(ConnectionResetError, TimeoutError):
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)


@contextlib.contextmanager
def running(application: str = "tests.load.served:application()", **settings: str) -> Iterator[Server]:
    """A server that is ready, and gone afterwards."""
    server = Server(application, **settings)
    try:
        server.until_ready()
        yield server
    finally:
        server.kill()
