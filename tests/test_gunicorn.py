"""gunicorn's settings and hooks."""

import inspect
import os
import socket
import struct
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import KNOWN_SETTINGS, Config  # type: ignore[import-untyped]

from service import gunicorn_conf
from service.gunicorn_conf import bound_waiting, configuration
from service.settings import Settings
from service.worker import REFUSALS, Worker


def test_gunicorn_knows_every_setting_and_takes_it() -> None:
    known = {setting.name for setting in KNOWN_SETTINGS}
    config = Config()
    for name, value in configuration(Settings()).items():
        assert name in known
        config.set(name, value)
    assert config.worker_class is Worker
    assert (config.workers, config.threads, config.preload_app) == (1, 64, False)
    assert config.address == [("0.0.0.0", 8000)]
    assert config.control_socket_disable


def test_what_must_not_be_cut_short_has_time() -> None:
    settings = Settings(drain_seconds=3, deadline_seconds=40)
    assert configuration(settings)["graceful_timeout"] >= 3 + 40
    assert configuration(Settings())["keepalive"] > 60


def test_accepted_sockets_have_bounds_from_the_listening_one() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        bound_waiting(2.5)(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listening)]))
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                    seconds, micro = struct.unpack("ll", accepted.getsockopt(socket.SOL_SOCKET, option, 16))
                    assert (seconds, round(micro, -4)) == (2, 500_000)


def test_the_worker_overrides_what_gunicorn_calls() -> None:
    """A renamed method of gunicorn would silently switch a protection off."""
    base = Worker.__mro__[1]
    for name in (
        "accept",
        "finish_request",
        "handle_request",
        "handle_error",
        "murder_keepalived",
        "murder_pending",
        "notify",
        "handle_exit",
        "set_accept_enabled",
        "run",
        "init_process",
    ):
        assert name in vars(Worker)
        own, theirs = inspect.signature(getattr(Worker, name)), inspect.signature(getattr(base, name))
        assert list(own.parameters)[:2] == list(theirs.parameters)[:2] or len(own.parameters) == len(theirs.parameters)
    source = inspect.getsource(inspect.getmodule(base))  # type: ignore[arg-type]
    for call in (
        "self.murder_pending()",
        "self.set_accept_enabled(False)",
        "self.notify()",
        "self.finish_request, conn",
    ):
        assert call in source


def test_every_refusal_has_words() -> None:
    from service.problems import PLAIN

    assert all(status in PLAIN for _, status in REFUSALS)


@pytest.mark.parametrize("module", ["service.gunicorn_conf"])
def test_wrong_settings_end_the_start_with_the_lines_that_mend_them(module: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        env={**os.environ, "QUOTES_THREDS": "8", "PORT": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "The settings are wrong:",
        "PORT=x: a whole number is wanted, for example 8",
        "QUOTES_THREDS is not a setting; did you mean QUOTES_THREADS? Otherwise remove it",
    ]


def test_the_model_thread_is_stopped_in_its_own_process_only() -> None:
    stopped: list[str] = []
    application: Any = SimpleNamespace(extensions={"quotes": SimpleNamespace(stop=lambda: stopped.append("x"))})
    gunicorn_conf.worker_exit(None, SimpleNamespace(wsgi=application, pid=1))
    gunicorn_conf.worker_exit(None, SimpleNamespace(pid=os.getpid()))
    assert not stopped
    gunicorn_conf.worker_exit(None, SimpleNamespace(wsgi=application, pid=os.getpid()))
    assert stopped == ["x"]
