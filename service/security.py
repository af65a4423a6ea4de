"""API keys, security headers and CORS.

The headers allow nothing by default. The two pages, `/` and `/docs`, load scripts and styles of this origin only and
have no inline code, so their policy needs no `unsafe-inline`.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256

from flask import Flask, Response, request

from service.exchange import current
from service.problems import Problem
from service.values import ApiKey

GUARDED = frozenset({"/attribute"})
"""Routes that want a key: those that cost something. Probes cannot send one, and the rest tells nothing of any text."""

POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For JSON: a browser that shows it must load and run nothing."""

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""For pages: their own scripts, styles and requests, and no one else's."""

PAGES = ("/", "/docs", "/page/")
"""Where pages are: these paths, and what lies under those that end in a slash."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
CORS_SECONDS = 600


def install(app: Flask, keys: Sequence[ApiKey], origins: Sequence[str]) -> None:
    """Ask for a key where there are any, and set the headers on every answer."""
    digests = [(key.name, sha256(key.key.encode()).digest()) for key in keys]
    allowed = frozenset(origins)

    def guard() -> None:
        exchange = current()
        if request.url_rule is not None:
            exchange.route = request.url_rule.rule
        if digests and exchange.route in GUARDED and request.method != "OPTIONS":
            exchange.caller = caller(digests, _sent())

    def dress(response: Response) -> Response:
        response.headers["X-Request-ID"] = current().request_id
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page(request.path) else POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        origin = request.headers.get("Origin", "")
        if allowed:
            response.vary.add("Origin")
        if origin in allowed:
            _allow(response, origin)
        return response

    app.before_request(guard)
    app.after_request(dress)


def caller(digests: Sequence[tuple[str, bytes]], key: str) -> str:
    """The name of whom a key belongs to. Raises Problem 401.

    Every key is compared, each in constant time over its digest, so the time tells neither a key nor how many there
    are.
    """
    sent = sha256(key.encode("utf-8", "surrogateescape")).digest()
    found = [name for name, digest in digests if hmac.compare_digest(digest, sent)]
    if not found:
        came = "the key that came is not known" if key else "no key came"
        detail = f"Send Authorization: Bearer KEY, or X-API-Key: KEY; {came}."
        raise Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="quotes"'})
    return found[0]


def is_page(path: str) -> bool:
    """Whether a path belongs to one of the pages."""
    return any(path == page or (page != "/" and page.endswith("/") and path.startswith(page)) for page in PAGES)


def _sent() -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "").strip()


def _allow(response: Response, origin: str) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "Retry-After, Server-Timing, X-Request-ID"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, X-API-Key, X-Request-ID"
        response.headers["Access-Control-Max-Age"] = str(CORS_SECONDS)
