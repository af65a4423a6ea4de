"""HTTP in, HTTP out: the service around `models`.

`create_app` takes what it needs as arguments and reads no environment; `from_environment` is for gunicorn, which calls
it in the worker, because a model loaded before the fork would hang in the child.
"""

import os
from dataclasses import dataclass

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from service import docs, health, logs, memory, problems, review, routes, security, specification
from service.admission import Admission
from service.answers import RENDERERS
from service.batcher import Batcher
from service.exchange import Middleware, Sink
from service.metrics import Metrics
from service.payload import MAX_BODY
from service.pipeline import Pipeline
from service.seam import Attributor
from service.settings import Settings, SettingsError
from service.specification import QuotesApi
from service.warmup import warm_up

__version__ = "0.11.0"
__all__ = ["Service", "Settings", "SettingsError", "__version__", "create_app", "from_environment"]


@dataclass(frozen=True, slots=True)
class Service:
    """What stands behind an application, at `app.extensions["quotes"]`: for the worker and for tests."""

    pipeline: Pipeline
    metrics: Metrics
    api: QuotesApi

    def drain(self) -> None:
        """Say at `/readyz` that this instance is stopping; requests are still taken."""
        self.pipeline.draining = True

    def close(self) -> None:
        """Take no more requests; what was let in is finished."""
        self.pipeline.draining = self.pipeline.closed = True

    def stop(self) -> None:
        """End the model thread."""
        self.pipeline.batcher.stop()


def create_app(settings: Settings, attributor: Attributor, *, start: bool = True) -> Flask:
    """The application over an attributor; `start` starts the model thread, and `/readyz` tells when it is warm."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.strict_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers are read in the contract's order
    metrics = Metrics()
    admission = Admission(settings.most_requests, settings.queue_seconds)
    batcher = Batcher(
        attributor.encode if start else lambda windows: (),
        admission,
        batch_seconds=settings.batch_seconds,
        hang_seconds=settings.hang_seconds,
        warm_up=lambda encode: warm_up(attributor, encode),
        seen=metrics.batch,
        rest=memory.give_back,
    )
    pipeline = Pipeline(attributor, admission, batcher, deadline_seconds=settings.deadline_seconds, rejected=metrics.rejected)
    card = attributor.card
    metrics.watch(
        admission,
        batcher,
        lambda: all(state == "ok" for state in pipeline.checks().values()),
        {"version": __version__, "model": card.name, "model_version": card.version, "model_sha256": card.sha256},
    )

    problems.install(app)
    security.install(app, settings.keys, settings.cors_origins)
    sinks: list[Sink] = [metrics.ended, logs.log_exchange]
    if settings.rate_limit:
        from service import rates

        rates.install(app, settings.rate_limit, settings.rate_limit_storage, metrics.rejected)
    if settings.otlp_endpoint:
        try:
            from service.tracing import Tracing
        except ImportError:
            raise SettingsError(
                "QUOTES_OTLP_ENDPOINT is set but OpenTelemetry is not installed; "
                "pip install opentelemetry-exporter-otlp-proto-http, or remove it"
            ) from None
        sinks.append(Tracing.to(settings.otlp_endpoint, __version__).ended)

    api = specification.api(app, __version__)
    api.register_blueprint(routes.blueprint(pipeline, RENDERERS))
    api.register_blueprint(health.blueprint(pipeline, metrics, __version__))
    app.register_blueprint(review.blueprint())
    app.register_blueprint(docs.blueprint(lambda: specification.document(api)))
    app.wsgi_app = Middleware(app.wsgi_app, sinks, metrics.opening)  # type: ignore[method-assign, assignment]
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)  # type: ignore[method-assign]
    app.extensions["quotes"] = Service(pipeline, metrics, api)
    if start:
        batcher.start()
    return app


def from_environment() -> Flask:
    """The application that gunicorn serves: settings from the environment, the model loaded and its threads set.

    Ends the process with one line where either is wrong.
    """
    import models

    try:
        settings = Settings.from_environment(os.environ)
        attributor = models.load(settings.weights, settings.topic_files, threads=settings.torch_threads, precision=settings.precision)
        return create_app(settings, attributor)
    except (SettingsError, models.ModelsError) as error:
        from gunicorn.errors import AppImportError  # type: ignore[import-untyped]

        # gunicorn prints the message of this one without a traceback, and does not try again
        raise AppImportError(f"{type(error).__name__}: {error}") from None
