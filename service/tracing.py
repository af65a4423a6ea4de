"""OpenTelemetry, when the address of a collector is set: a span for each request and one for each of its stages.

The spans are made after the answer is written, from the times that are taken anyway, so the way of a request is the
same with tracing or without. Imported only when an endpoint is set.
"""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service.exchange import Exchange
from service.logs import UNLOGGED

NANOSECONDS = 1_000_000_000


class Tracing:
    """A sink of exchanges that sends them as spans; `exporter` is the collector's, or a test's own."""

    def __init__(self, exporter: SpanExporter, version: str) -> None:
        self._provider = TracerProvider(resource=Resource.create({"service.name": "quotes", "service.version": version}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("service", version)
        self._propagator = TraceContextTextMapPropagator()

    @classmethod
    def to(cls, endpoint: str, version: str) -> "Tracing":
        """Send to a collector; its path `/v1/traces` may be left out of the endpoint."""
        address = endpoint.rstrip("/")
        return cls(OTLPSpanExporter(address if address.endswith("/v1/traces") else f"{address}/v1/traces"), version)

    def ended(self, exchange: Exchange) -> None:
        """The spans of one request: its own under the caller's trace, and its stages under that."""
        if exchange.route in UNLOGGED:
            return
        carrier = {"traceparent": exchange.traceparent} if exchange.traceparent else {}
        end = exchange.wall + int(exchange.seconds * NANOSECONDS)
        span = self._tracer.start_span(
            f"{exchange.method} {exchange.route}",
            context=self._propagator.extract(carrier),
            kind=SpanKind.SERVER,
            attributes={
                "http.request.method": exchange.method,
                "http.route": exchange.route,
                "http.response.status_code": exchange.status,
                "quotes.request_id": exchange.request_id,
                **{f"quotes.{name}": value for name, value in exchange.facts.items()},
            },
            start_time=exchange.wall,
        )
        inside = trace.set_span_in_context(span)
        # the stages follow each other up to the answer; what lies before the first is the reading of the body
        at = end - int(sum(exchange.stages.values()) * NANOSECONDS)
        for stage, seconds in exchange.stages.items():
            child = self._tracer.start_span(stage, context=inside, start_time=at)
            at += int(seconds * NANOSECONDS)
            child.end(at)
        if exchange.status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)

    def stop(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
