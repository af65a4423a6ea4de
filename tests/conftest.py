"""What the service's tests share: an application over the double, and a client that reads answers to their end."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service import Service, create_app
from service.settings import Settings
from tests.double import Double

ARTICLE = "“We will pay,” said Marta Hale of the budget. “Russia must answer,” said Ivan Petrenko. “It rained.”"


class Client(FlaskClient):
    """Takes each answer whole, as a server does: then the request's place is free again."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request."""
        return super().open(*args, **{"buffered": True, **kwargs})


def service(app: Flask) -> Service:
    """What stands behind an application."""
    found: Service = app.extensions["quotes"]
    return found


def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.002)


Make = Callable[..., Flask]


@pytest.fixture
def make() -> Iterator[Make]:
    """Make applications, warm, with settings by name and a double; stop them afterwards."""
    made = []

    def build(double: Double | None = None, warm: bool = True, **settings: Any) -> Flask:
        app = create_app(Settings(**settings), double or Double())
        app.test_client_class = Client
        made.append(app)
        if warm:
            until(lambda: service(app).pipeline.batcher.warm)
        return app

    yield build
    for app in made:
        service(app).stop()


@pytest.fixture
def app(make: Make) -> Flask:
    """An application with default settings."""
    return make()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of it."""
    return app.test_client()
