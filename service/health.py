"""Health that tells the truth: whether to restart (`/livez`), to send traffic (`/readyz`), what is up (`/health`)."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response

from models import identity
from service import schemas
from service.documented import problems
from service.pipeline import DRAINING_SECONDS, NOT_READY_SECONDS, Pipeline
from service.problems import Problem
from service.smorest import Blueprint

if TYPE_CHECKING:
    from service.metrics import Metrics


def blueprint(pipeline: Pipeline, metrics: "Metrics", version: str) -> Blueprint:
    """The routes that people, probes and collectors ask. None of them needs an API key or waits for the model."""
    routes = Blueprint("operations", __name__, description="Health, the model card and metrics")
    card = pipeline.attributor.card

    @routes.get("/model")
    @routes.response(200, schemas.Card)
    def model_card() -> Any:
        """The model card: identity, labels, topics, limits and scores."""
        return asdict(card)

    @routes.get("/health")
    @routes.alt_response(503, schema=schemas.Health, description="Something fails; `checks` says what.")
    @routes.response(200, schemas.Health)
    def health() -> Any:
        """Everything about health in one look, for people and CI."""
        checks = pipeline.checks()
        well = all(state == "ok" for state in checks.values())
        told = {"status": "ok" if well else "failing", "checks": checks, "version": version, "model": identity(card)}
        return told, 200 if well else 503

    @routes.get("/livez")
    @problems(routes, 503)
    @routes.response(200, schemas.Check)
    def livez() -> Any:
        """Whether process and model thread are alive; restart the instance where not."""
        if why := pipeline.batcher.failing():
            raise Problem(503, "not-ready", f"The model thread {'is dead' if why == 'dead' else why}; restart the instance.")
        return {"status": "ok"}

    @routes.get("/readyz")
    @problems(routes, 503)
    @routes.response(200, schemas.Check)
    def readyz() -> Any:
        """Whether to send requests: the model is loaded and warm, and the instance is not stopping."""
        checks = pipeline.checks()
        if pipeline.draining:
            raise Problem(503, "draining", "This instance is stopping.", headers={"Retry-After": str(DRAINING_SECONDS)})
        wrong = [f"{name}: {state}" for name, state in checks.items() if state != "ok"]
        if wrong:
            raise Problem(503, "not-ready", "; ".join(wrong), headers={"Retry-After": str(NOT_READY_SECONDS)})
        return {"status": "ok"}

    @routes.get("/metrics")
    @routes.response(200, {"type": "string"}, content_type="text/plain", description="Prometheus text format.")
    def prometheus() -> Response:
        """Metrics for Prometheus."""
        return metrics.response()

    return routes
