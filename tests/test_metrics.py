"""What Prometheus sees."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from service import __version__
from service.metrics import Metrics
from tests.conftest import ARTICLE, Make


def sample(client: FlaskClient, name: str, **labels: str) -> float | None:
    """The value of one series, None where there is none."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=1.0.0")
    for family in text_string_to_metric_families(answer.get_data(as_text=True)):
        for each in family.samples:
            if each.name == name and labels.items() <= each.labels.items():
                return float(each.value)
    return None


def test_requests_are_counted_by_route_and_status(client: FlaskClient) -> None:
    client.post("/attribute", json={"text": ARTICLE})
    client.post("/attribute", json={"text": ""})
    client.get("/a/path/of/the/callers")
    client.open("/livez", method="BREW")
    assert sample(client, "quotes_requests_total", route="/attribute", status="200", method="POST") == 1
    assert sample(client, "quotes_requests_total", route="/attribute", status="422") == 1
    assert sample(client, "quotes_requests_total", route="unmatched", status="404") == 1
    assert sample(client, "quotes_requests_total", method="OTHER", status="405") == 1
    assert sample(client, "quotes_request_seconds_count", route="/attribute") == 2
    assert "callers" not in client.get("/metrics").get_data(as_text=True)


def test_in_flight_is_the_scrape_itself_when_idle(client: FlaskClient) -> None:
    client.post("/attribute", json={"text": ARTICLE})
    assert sample(client, "quotes_requests_in_flight") == 1


def test_stages_and_batches(client: FlaskClient) -> None:
    before = sample(client, "quotes_batch_seconds_count") or 0
    client.post("/attribute", json={"text": ARTICLE})
    assert sample(client, "quotes_batch_seconds_count") == before + 1
    assert sample(client, "quotes_batch_pieces_sum") == 28
    assert sample(client, "quotes_batch_windows_sum") == 1
    for stage in ("read", "queue", "model", "assemble"):
        assert sample(client, "quotes_stage_seconds_count", stage=stage) == 1


def test_attributions_by_topic_and_whether_attributed(client: FlaskClient) -> None:
    client.post("/attribute", json={"text": ARTICLE, "off_topic": True})
    assert sample(client, "quotes_attributions_total", topic="russia", attributed="true") == 1
    assert sample(client, "quotes_attributions_total", topic="spending", attributed="true") == 1
    assert sample(client, "quotes_attributions_total", topic="none", attributed="false") == 1


def test_the_state_is_shown(client: FlaskClient) -> None:
    assert sample(client, "quotes_queue_requests") == 0
    assert sample(client, "quotes_queue_pieces") == 0
    assert sample(client, "quotes_queue_waiting") == 0
    assert sample(client, "quotes_ready") == 1
    assert sample(client, "quotes_model_silence_seconds") < 3  # type: ignore[operator]
    assert sample(client, "quotes_speed_pieces_per_second") > 0  # type: ignore[operator]
    assert sample(client, "quotes_build_info", version=__version__, model="double") == 1
    assert sample(client, "process_resident_memory_bytes") > 0  # type: ignore[operator]


@pytest.mark.parametrize("reason", ["pieces", "requests", "deadline", "gone"])
def test_refusals_by_reason(reason: str) -> None:
    metrics = Metrics()
    metrics.rejected(reason)
    assert metrics.registry.get_sample_value("quotes_rejected_total", {"reason": reason}) == 1


def test_two_applications_count_apart(app: Flask, make: Make) -> None:
    client, other = app.test_client(), make().test_client()
    client.post("/attribute", json={"text": ARTICLE})
    assert sample(client, "quotes_requests_total", route="/attribute") == 1
    assert sample(other, "quotes_requests_total", route="/attribute") is None
