"""`POST /attribute`: a text in, who said what about what out."""

import select
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from service import schemas
from service.answers import Answer, Renderer, renderer
from service.documented import FORMS, problems
from service.exchange import current
from service.payload import Parser
from service.pipeline import Pipeline
from service.smorest import Blueprint


class Attribute(Blueprint):
    """A blueprint whose bodies are read by the service's own parser."""

    ARGUMENTS_PARSER = Parser()


def blueprint(pipeline: Pipeline, renderers: Mapping[str, Renderer]) -> Blueprint:
    """The route that does the work, for the topics of the model at hand."""
    routes = Attribute("attribution", __name__, description="Who said what about what")
    card = pipeline.attributor.card

    @routes.post("/attribute")
    @problems(routes, 400, 401, 406, 408, 411, 413, 415, 422, 429, 500, 503, 504)
    @routes.doc(responses={200: {"content": FORMS}})
    @routes.response(200, schemas.Answer)
    @routes.arguments(schemas.request_schema(card.topics))
    def attribute(asked: Mapping[str, Any]) -> Response:
        """Who said what about the topics asked for, in reading order."""
        exchange = current()
        render = renderer(request.accept_mimetypes, renderers)
        analysis = pipeline.analyse(asked["text"], exchange, _gone(request.environ.get("gunicorn.socket")))
        chosen = analysis.select(frozenset(asked["topics_"]), asked["off_topic"], asked["min_confidence"])
        exchange.facts["attributions"] = len(chosen.attributions)
        exchange.topics += [
            (topic, attribution.speaker is not None)
            for attribution in chosen.attributions
            for topic in [each.topic for each in attribution.topics] or ["none"]
        ]
        response = render(Answer(chosen, card))
        stages = exchange.stages
        response.headers["Server-Timing"] = ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in stages.items())
        response.vary.add("Accept")
        return response

    return routes


def _gone(socket: Any) -> Callable[[], bool]:
    """Whether the client has closed the connection, told without reading from it. Servers without a socket: never.

    A client that only closed its sending half looks the same until it is written to; such clients are rare, and nginx
    takes them for gone too.
    """
    if socket is None:
        return lambda: False
    watch = select.poll()
    watch.register(socket, select.POLLRDHUP)
    return lambda: bool(watch.poll(0))
