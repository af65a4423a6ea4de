"""Prometheus metrics, in a registry of the application's own: nothing global, so tests can hold two applications."""

from collections.abc import Callable

from flask import Response
from prometheus_client import (
    CONTENT_TYPE_PLAIN_1_0_0,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from service.admission import Admission
from service.batcher import Batch, Batcher
from service.exchange import Exchange

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30)
PIECES = (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
WINDOWS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """Counts what happens. Routes are templates and topics the model's own, so the number of series is bounded."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._requests = self._counter("requests", "Requests answered.", "method", "route", "status")
        self._duration = self._histogram("request_seconds", "From first byte read to last byte written.", SECONDS, "route")
        self._in_flight = self._gauge("requests_in_flight", "Requests being answered, probes too.")
        self._stage = self._histogram("stage_seconds", "Time in each stage: read, queue, model, assemble.", SECONDS, "stage")
        self._batches = self._histogram("batch_seconds", "Inference time of one batch.", SECONDS)
        self._batch_windows = self._histogram("batch_windows", "Windows in one batch.", WINDOWS)
        self._batch_pieces = self._histogram("batch_pieces", "Pieces in one batch.", PIECES)
        self._rejected = self._counter("rejected", "Requests not answered with a result, by reason.", "reason")
        self._attributions = self._counter(
            "attributions", "Attributions answered, by topic and whether a speaker is named.", "topic", "attributed"
        )

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"quotes_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"quotes_{name}", meaning, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"quotes_{name}", meaning, labels, buckets=buckets, registry=self.registry)

    def watch(self, admission: Admission, batcher: Batcher, ready: Callable[[], bool], build: dict[str, str]) -> None:
        """Show the state of queue and model thread at each scrape; `build` is what build_info holds."""
        watched: dict[str, tuple[str, Callable[[], float]]] = {
            "queue_requests": ("Requests let in and not yet answered.", lambda: admission.requests),
            "queue_pieces": ("Pieces let in and not yet run.", lambda: admission.pieces),
            "queue_waiting": ("Requests with windows that wait for the model.", batcher.waiting),
            "speed_pieces_per_second": ("Speed of full batches lately.", lambda: admission.speed),
            "model_silence_seconds": ("Since the model thread's last sign of life.", lambda: batcher.silence),
            "ready": ("1 while /readyz says yes.", lambda: float(ready())),
        }
        for name, (meaning, value) in watched.items():
            self._gauge(name, meaning).set_function(value)
        Info("quotes_build", "What runs here.", registry=self.registry).info(build)

    def opening(self, exchange: Exchange) -> None:
        """A request begins."""
        self._in_flight.inc()

    def ended(self, exchange: Exchange) -> None:
        """A request has been answered."""
        self._in_flight.dec()
        self.refused(exchange.method, exchange.route, exchange.status)
        self._duration.labels(exchange.route).observe(exchange.seconds)
        for stage, seconds in exchange.stages.items():
            self._stage.labels(stage).observe(seconds)
        for topic, attributed in exchange.topics:
            self._attributions.labels(topic, str(attributed).lower()).inc()

    def refused(self, method: str, route: str, status: int) -> None:
        """Count an answer, also one that the application never saw."""
        self._requests.labels(method, route, str(status)).inc()

    def rejected(self, reason: str) -> None:
        """A request got no result for this reason."""
        self._rejected.labels(reason).inc()

    def batch(self, batch: Batch) -> None:
        """The model has run a batch."""
        self._batches.observe(batch.seconds)
        self._batch_windows.observe(batch.windows)
        self._batch_pieces.observe(batch.pieces)

    def response(self) -> Response:
        """Everything in Prometheus' text format."""
        return Response(generate_latest(self.registry), content_type=CONTENT_TYPE_PLAIN_1_0_0)
