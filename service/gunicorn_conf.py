"""How gunicorn runs the service: `gunicorn -c python:service.gunicorn_conf`.

One process, many request threads, one model thread; replicas scale out, never workers. The model is loaded in the
worker: `preload_app` would fork after OpenMP has started its threads, and the child would hang at the first batch.
"""

import os
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from service import logs, memory
from service.settings import Settings, SettingsError

SHARED_MEMORY = Path("/dev/shm")
GRACE_SECONDS = 5
BOOT_SECONDS = 120
"""Within which the worker must have loaded the model; it shows no sign of life before."""

SWITCH_SECONDS = 0.0005
"""How long a thread keeps the interpreter when others want it. The model thread asks for it after each kernel, and with
Python's five milliseconds it would wait longer than it computes."""

LIBRARIES = {
    # numpy is called from many request threads: with a pool of BLAS threads behind each call they fight for the processors
    # (assembling an article took three to six times as long)
    "OPENBLAS_NUM_THREADS": "1",
    # torch's threads sleep instead of spinning while they wait for each other, and leave the time to the request threads
    "OMP_WAIT_POLICY": "PASSIVE",
    # kernels kept for shapes seen; the default, 1024, lets memory grow for hours under varying lengths
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "256",
    # the bar that transformers draws while it loads is no line of JSON
    "TQDM_DISABLE": "1",
}
"""For libraries that read the environment when they are loaded, which is later, in the worker."""


def configuration(settings: Settings) -> dict[str, Any]:
    """Gunicorn's settings, by name."""
    return {
        "wsgi_app": "service:from_environment()",
        "bind": f"{settings.host}:{settings.port}",
        "worker_class": "service.worker.Worker",
        "workers": 1,
        "threads": settings.threads,
        "worker_connections": 512 + settings.threads,
        "backlog": 1024,
        "preload_app": False,
        "timeout": BOOT_SECONDS,
        "graceful_timeout": int(settings.drain_seconds + settings.deadline_seconds + GRACE_SECONDS + 0.999),
        # longer than the idle time of the usual load balancers, so that they close first and no request is lost
        "keepalive": 75,
        "limit_request_line": 8190,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        "http_parser": "python",
        "control_socket_disable": True,
        # the sign of life is a file: on a disk under load, writing it can take longer than gunicorn waits
        "worker_tmp_dir": str(SHARED_MEMORY) if os.access(SHARED_MEMORY, os.W_OK) else None,
        "proc_name": "quotes",
        "logconfig_dict": logs.configuration(settings.log_level),
        "when_ready": bound_waiting(settings.receive_seconds),
        "post_fork": in_worker(settings.log_level),
        "worker_exit": worker_exit,
    }


def bound_waiting(seconds: float) -> Any:
    """A hook that bounds reads and writes on every connection: Linux hands the options of a listening socket on."""
    value = struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))

    def when_ready(server: Any) -> None:
        for listener in server.LISTENERS:
            listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, value)
            listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, value)

    return when_ready


def in_worker(log_level: str) -> Any:
    """A hook that prepares the new process."""

    def post_fork(server: Any, worker: Any) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        memory.bound()
        logs.install(log_level)

    return post_fork


def worker_exit(server: Any, worker: Any) -> None:
    """At the end of a process: let the model thread end."""
    application = getattr(worker, "wsgi", None)
    if application is not None and worker.pid == os.getpid():
        application.extensions["quotes"].stop()


for name, value in LIBRARIES.items():
    os.environ.setdefault(name, value)
try:
    globals().update(configuration(Settings.from_environment(os.environ)))
except SettingsError as error:
    sys.exit(f"The settings are wrong:\n{error}")
