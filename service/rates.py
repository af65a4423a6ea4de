"""How often one client may call, where that is set: Flask-Limiter, counted in memory or, for several replicas, in
Redis.

A client is the name of its API key, else its address. Imported only when a rate is set.
"""

import math
import time

from flask import Flask, Response, request
from flask_limiter import Limiter, RateLimitExceeded

from service import problems
from service.exchange import current
from service.problems import Problem
from service.security import GUARDED


def install(app: Flask, rate: str, storage: str) -> None:
    """Limit the guarded routes. Where Redis is away, each replica counts for itself until it is back."""
    limiter = Limiter(
        key_func=lambda: current().caller or request.remote_addr or "unknown",
        app=app,
        application_limits=[rate],
        storage_uri=storage or "memory://",
        strategy="moving-window",
        in_memory_fallback=[rate] if storage else [],
        in_memory_fallback_enabled=bool(storage),
        headers_enabled=True,
        key_prefix="quotes",
    )

    @limiter.request_filter
    def _open() -> bool:
        return request.url_rule is None or request.url_rule.rule not in GUARDED or request.method == "OPTIONS"

    def exceeded(error: RateLimitExceeded) -> Response:
        reset = limiter.current_limit.reset_at if limiter.current_limit else time.time()
        seconds = max(1, math.ceil(reset - time.time()))
        return problems.answer(
            Problem(
                429,
                "rate",
                f"More than {rate} came from this client; send the next request in {seconds} s.",
                headers={"Retry-After": str(seconds)},
            )
        )

    app.register_error_handler(RateLimitExceeded, exceeded)
