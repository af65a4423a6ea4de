"""How often one client may call, where that is set: Flask-Limiter, counted in memory or, for several replicas, in
Redis.

A client is the name of its API key, else its address. Imported only when a rate is set.
"""

import math
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter, RateLimitExceeded
from redis.backoff import NoBackoff
from redis.retry import Retry

from service import problems
from service.exchange import current
from service.problems import Problem
from service.security import GUARDED

REDIS_SECONDS = 0.25
"""The longest that Redis is waited for. It counts before admission, in a request thread: without a bound, one that takes
connections and never answers holds every thread, those kept free for probes too."""


def install(app: Flask, rate: str, storage: str, rejected: Callable[[str], None] = lambda reason: None) -> None:
    """Limit the guarded routes; `rejected` is told of each refusal. Where Redis is away, each replica counts for itself
    until it is back."""
    limiter = Limiter(
        key_func=lambda: current().caller or request.remote_addr or "unknown",
        app=app,
        application_limits=[rate],
        storage_uri=storage or "memory://",
        storage_options=_bounds(storage),
        strategy="moving-window",
        in_memory_fallback=[rate] if storage else [],
        in_memory_fallback_enabled=bool(storage),
        # its headers would put a Retry-After on every answer, and the reset of the rate over that of a full queue
        headers_enabled=False,
        key_prefix="quotes",
    )

    @limiter.request_filter
    def _open() -> bool:
        return request.url_rule is None or request.url_rule.rule not in GUARDED or request.method == "OPTIONS"

    def exceeded(error: RateLimitExceeded) -> Response:
        reset = limiter.current_limit.window.reset_time if limiter.current_limit else time.time()
        seconds = max(1, math.ceil(reset - time.time()))
        rejected("rate")
        return problems.answer(
            Problem(
                429,
                "rate",
                f"More than {rate} came from this client; send the next request in {seconds} s.",
                headers={"Retry-After": str(seconds)},
            )
        )

    app.register_error_handler(RateLimitExceeded, exceeded)


def _bounds(storage: str) -> dict[str, Any]:
    """What the client of Redis is made with: short times, and no second try while a caller waits."""
    if not storage.startswith("redis"):
        return {}
    return {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS, "retry": Retry(NoBackoff(), 0)}
