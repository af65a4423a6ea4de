"""Spans, with an exporter of the test's own."""

import sys

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.exchange import Exchange
from service.settings import SettingsError
from service.tracing import Tracing
from tests.conftest import Make

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def exchange(**given: object) -> Exchange:
    made = Exchange("id1", "POST", PARENT, started=10.0, wall=1_000_000_000_000, ended=11.0, route="/attribute", status=200)
    made.stages |= {"read": 0.1, "queue": 0.2, "model": 0.3}
    made.facts |= {"characters": 7}
    for name, value in given.items():
        setattr(made, name, value)
    return made


def test_a_request_is_a_span_with_its_stages_under_the_callers_trace() -> None:
    exporter = InMemorySpanExporter()
    tracing = Tracing(exporter, "1")
    tracing.ended(exchange())
    tracing.stop()
    *stages, span = exporter.get_finished_spans()
    assert [stage.name for stage in stages] == ["read", "queue", "model"]
    assert span.name == "POST /attribute"
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == PARENT.split("-")[1]
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == PARENT.split("-")[2]
    assert (span.start_time, span.end_time) == (1_000_000_000_000, 1_001_000_000_000)
    assert all(stage.parent and stage.parent.span_id == span.context.span_id for stage in stages)
    assert stages[-1].end_time == span.end_time
    assert dict(span.attributes or {})["quotes.characters"] == 7


def test_probes_make_no_spans_and_failures_are_marked() -> None:
    exporter = InMemorySpanExporter()
    tracing = Tracing(exporter, "1")
    tracing.ended(exchange(route="/livez"))
    tracing.ended(exchange(status=503, stages={}, traceparent=None))
    tracing.stop()
    (span,) = exporter.get_finished_spans()
    assert span.parent is None
    assert not span.status.is_ok


def test_an_endpoint_without_the_package_is_refused_with_the_line_that_mends_it(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "service.tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(SettingsError, match="pip install opentelemetry-exporter-otlp-proto-http, or remove it"):
        make(otlp_endpoint="http://127.0.0.1:1", warm=False)
