"""Keys, headers, CORS and rates."""

import hmac
import socket
import time
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import security
from service.security import PAGE_POLICY, POLICY
from service.values import ApiKey
from tests.conftest import ARTICLE, Make, service

KEYS = (ApiKey("desk", "0123456789abcdef"), ApiKey("desk", "fedcba9876543210"), ApiKey("wire", "wire-wire-wire-wire"))


def post(client: FlaskClient, **headers: str) -> Any:
    return client.post("/attribute", json={"text": ARTICLE}, headers=headers)


@pytest.mark.parametrize("key", [key.key for key in KEYS])
def test_every_key_opens_in_both_ways(make: Make, key: str) -> None:
    client = make(api_keys=KEYS).test_client()
    assert post(client, Authorization=f"Bearer {key}").status_code == 200
    assert post(client, authorization=f"bearer  {key}").status_code == 200
    assert post(client, **{"X-API-Key": key}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong-wrong-wrong"},
        {"Authorization": "Basic MDEyMzQ1Njc4OWFiY2RlZg=="},
        {"X-API-Key": ""},
        {"X-API-Key": "0123456789abcde"},
        {"X-API-Key": "0123456789abcdef0"},
        {"X-API-Key": "ÿ"},
    ],
)
def test_no_other_key_opens(make: Make, headers: dict[str, str]) -> None:
    answer = post(make(api_keys=KEYS).test_client(), **headers)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "wrong" not in answer.get_data(as_text=True)


def test_the_key_is_asked_for_before_the_body_is_looked_at(make: Make) -> None:
    client = make(api_keys=KEYS).test_client()
    assert client.post("/attribute", data=b"x", content_type="text/plain").status_code == 401


def test_what_costs_nothing_stays_open(make: Make) -> None:
    client = make(api_keys=KEYS).test_client()
    for path in ("/livez", "/readyz", "/health", "/model", "/metrics", "/openapi.json", "/docs"):
        assert client.get(path).status_code == 200


def test_every_key_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared, really = [], hmac.compare_digest

    def spy(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return really(one, other)

    monkeypatch.setattr(hmac, "compare_digest", spy)
    digests = [(key.name, sha256(key.key.encode()).digest()) for key in KEYS]
    assert security.caller(digests, KEYS[0].key) == "desk"
    assert compared == [(32, 32)] * 3


@pytest.mark.parametrize("path", ["/livez", "/nothing", "/openapi.json", "/docs", "/docs/swagger-ui.css", "/", "/page/page.js"])
def test_headers_on_every_answer(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"] == (PAGE_POLICY if path in ("/", "/docs", "/page/page.js") else POLICY)
    assert ("no-store" in headers["Cache-Control"]) == (path not in ("/docs/swagger-ui.css", "/", "/page/page.js"))


@pytest.mark.parametrize("policy", [POLICY, PAGE_POLICY])
def test_the_policies_allow_no_inline_code_and_no_one_else(policy: str) -> None:
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_pages() -> None:
    assert [security.is_page(path) for path in ("/", "/docs", "/page/page.js", "/attribute", "/docsx", "/page")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_cors_is_off_unless_listed(client: FlaskClient) -> None:
    answer = client.get("/model", headers={"Origin": "https://a.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_cors_for_the_listed_only(make: Make) -> None:
    client = make(cors_origins=("https://a.example",), api_keys=KEYS).test_client()
    answer = client.get("/model", headers={"Origin": "https://a.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert "Origin" in answer.headers["Vary"]
    asked = client.options("/attribute", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"})
    assert asked.status_code == 200
    assert "X-API-Key" in asked.headers["Access-Control-Allow-Headers"]
    for origin in ("https://b.example", "https://a.example.evil", "null"):
        assert "Access-Control-Allow-Origin" not in client.get("/model", headers={"Origin": origin}).headers


def test_the_rate_is_per_client(make: Make) -> None:
    client = make(rate_limit="2/minute", api_keys=KEYS).test_client()
    desk, wire = ({"X-API-Key": KEYS[0].key}, {"X-API-Key": KEYS[2].key})
    assert [post(client, **desk).status_code for _ in range(3)] == [200, 200, 429]
    answer = post(client, **desk)
    assert answer.get_json()["type"] == "urn:quotes:problem:rate"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert post(client, **{"X-API-Key": KEYS[1].key}).status_code == 429  # the same name, another key
    assert post(client, **wire).status_code == 200
    assert client.get("/livez").status_code == 200
    assert post(client).status_code == 401


def test_the_rate_by_address_believes_only_the_proxies_it_is_told_of(make: Make) -> None:
    def forwarded(client: FlaskClient, address: str) -> int:
        return int(post(client, **{"X-Forwarded-For": address}).status_code)

    direct = make(rate_limit="1/minute").test_client()
    assert [forwarded(direct, "10.0.0.1"), forwarded(direct, "10.0.0.2")] == [200, 429]
    behind = make(rate_limit="1/minute", trusted_proxies=1).test_client()
    assert [forwarded(behind, "10.0.0.1"), forwarded(behind, "10.0.0.2"), forwarded(behind, "10.0.0.2")] == [
        200,
        200,
        429,
    ]


def test_the_rate_falls_back_to_memory_where_redis_is_away(make: Make) -> None:
    client = make(rate_limit="1/minute", rate_limit_storage="redis://127.0.0.1:1").test_client()
    assert [post(client).status_code for _ in range(2)] == [200, 429]


def test_a_redis_that_never_answers_holds_nobody(make: Make) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # the kernel takes the connection, and nobody ever reads from it
        client = make(rate_limit="2/minute", rate_limit_storage=f"redis://127.0.0.1:{silent.getsockname()[1]}").test_client()
        began = time.monotonic()
        assert [post(client).status_code for _ in range(3)] == [200, 200, 429]
        assert time.monotonic() - began < 10


def test_who_is_over_the_rate_is_counted(make: Make) -> None:
    client = make(rate_limit="1/minute").test_client()
    assert [post(client).status_code for _ in range(2)] == [200, 429]
    assert 'quotes_rejected_total{reason="rate"} 1.0' in client.get("/metrics").get_data(as_text=True)


def test_a_rate_leaves_the_retry_after_of_others_alone(make: Make) -> None:
    app = make(rate_limit="9/hour")
    client = app.test_client()
    assert "Retry-After" not in post(client).headers
    service(app).close()
    answer = post(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
